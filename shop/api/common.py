"""What the views of the catalogue share."""

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.http import HttpResponseBase
from rest_framework.request import Request

from cryptons.api.conditional import etag_of, public
from cryptons.api.fields import identifier
from cryptons.errors import NotFound
from shop.coinprice import approximate
from shop.tree import Node, Tree

_SHAPE = "1"
"""Another one with each change of how the catalogue is shown."""
_ROUND_SUM = Decimal(1_000_000)


def kept(request: Request, version: str, render: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Return what `render` makes of the catalogue as `version` has it, or 304 for whoever has that; caches may keep it a moment."""
    coin = approximate(_ROUND_SUM, settings.CURRENCY)
    tag = etag_of(_SHAPE, request.get_full_path(), version, settings.CURRENCY, coin.satoshi if coin else "")
    return public(request, etag=tag, render=render, max_age=settings.PAGE_CACHE_SECONDS)


def key_of(named: str) -> UUID | None:
    """Return the id that stands in an address, None where it is a slug."""
    try:
        return identifier(named)
    except NotFound:
        return None


def category_of(tree: Tree, named: str) -> Node:
    """Return the category with this id or slug. Raises NotFound."""
    key = key_of(named)
    node = tree.by_id.get(key) if key else tree.by_slug.get(named)
    if node is None:
        message = "There is no such category in the shop."
        raise NotFound(message, details=[{"field": "category", "message": message}])
    return node
