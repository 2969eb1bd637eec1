"""The API's lists of products: which products, in which order, and how all that matches is divided.

That stays as it is while products are sold, so it is kept apart from the products themselves (`shop.api.written`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from rest_framework.response import Response

from cryptons import freshness
from cryptons.api.fields import told
from cryptons.api.paging import answer_page, cut_of
from cryptons.api.wire import Written, dumps
from cryptons.freshness import State
from cryptons.pieces import Pieces
from shop.api import shapes
from shop.api.common import category_of
from shop.api.written import all_written, write
from shop.filters import Filters, tidy, usual_sort
from shop.offers import offers
from shop.search.finding import find
from shop.tree import Tree, tree_at

_MOST = 8_000_000
_KEY = 100
"""About how many bytes the key of a product takes."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list without what stands on it: the keys of its products (in hex) in their order, and its `meta`."""

    keys: tuple[str, ...]
    meta: Mapping[str, Any]


@cache
def kept_lists() -> Pieces[Listed]:
    """Return what this process keeps: some two thousand lists."""
    return Pieces(_MOST)


def page(sent: Mapping[str, Any], version: State) -> Response:
    """Return the page that a checked `shapes.ProductQuery` asks for, as new as `version` at least. Raises NotFound."""
    tree, name = tree_at(version), repr(sent)
    listed = kept_lists().find([name], version).get(name)
    if listed is not None:
        return answer_page(all_written(listed.keys, version, tree.by_id), listed.meta)
    return _made(sent, name, version, tree)


def _made(sent: Mapping[str, Any], name: str, version: State, tree: Tree) -> Response:
    cut = cut_of(sent)
    with freshness.making(version) as made:
        category = category_of(tree, sent["category"]) if sent.get("category") else None
        part = find(filters=_filters(sent), category=category, tree=tree, start=cut.start, limit=cut.limit)
    products = write(version, lambda: offers(part.rows, known=tree.by_id)) if cut.start < part.total else {}
    facets = dumps(told(shapes.FacetsShape, part.facets))
    more = {"facets": Written(facets), "search": told(shapes.SourceShape, part.source)}
    listed = Listed(tuple(part.arranged(tuple(products), UUID)), cut.meta(part.total, more))
    kept_lists().keep(name, listed, made, len(facets) + _KEY * len(listed.keys))
    return answer_page([Written(products[key]) for key in listed.keys], listed.meta)


def _filters(sent: Mapping[str, Any]) -> Filters:
    words = tidy(sent.get("search", ""))
    return Filters(
        words=words,
        low=sent.get("min_price"),
        high=sent.get("max_price"),
        in_stock=sent.get("in_stock", False),
        rating=sent.get("min_rating"),
        sort=shapes.SORTS[sent["sort"]] if sent.get("sort") else usual_sort(words),
    )
