"""What the views of the catalogue share."""

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse, HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from cryptons.api.conditional import etag_of, public
from cryptons.api.envelope import JSON
from cryptons.api.fields import identifier
from cryptons.errors import NotFound
from shop.coinprice import approximate
from shop.tree import Node, Tree

_SHAPE = "1"
"""Another one with each change of how the catalogue is shown."""
_ROUND_SUM = Decimal(1_000_000)
_REMEMBERED_SECONDS = 60


def kept(request: Request, version: str, render: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Return what `render` makes of the catalogue as `version` has it, or 304 for whoever has that; caches may keep it a moment."""
    coin = approximate(_ROUND_SUM, settings.CURRENCY)
    tag = etag_of(_SHAPE, request.get_full_path(), version, settings.CURRENCY, coin.satoshi if coin else "")
    return public(request, etag=tag, render=lambda: _remembered(tag, render), max_age=settings.PAGE_CACHE_SECONDS)


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


def _remembered(tag: str, render: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Return what was rendered under this tag before, as bytes, else what `render` makes: the tag changes whenever that would."""
    if not settings.PAGE_CACHE_SECONDS:
        return render()
    pages, key = caches["pages"], f"api:{tag}"
    content: bytes | None = pages.get(key)
    if content is not None:
        return HttpResponse(content, content_type=JSON)
    response = render()
    if isinstance(response, Response):
        response.add_post_render_callback(lambda done: pages.set(key, done.content, _REMEMBERED_SECONDS))
    return response
