"""The one way to products: the API's list, the storefront's list, its facets and the suggestions all come from here.

With words or filters the engine says which products and in what order, and the database what they are now; the plain list of the shop or
of a category is the database's alone. Facets are the engine's in all cases. Where the engine has no answer the database gives all of it,
from plain comparisons.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from cryptons import clock, freshness
from cryptons.money import fiat
from cryptons.pages import FAR, keys_of
from shop import selectors
from shop.facets import CategoryCount, Facets, RatingCount, facets_of, merged
from shop.filters import Filters
from shop.models import Product
from shop.search import asking, parts
from shop.search.asking import ask, query_of, suggestion_query
from shop.search.choice import chosen_engine
from shop.search.engine import STARS, FacetCounts, Found
from shop.search.outbox import anything_waits
from shop.search.text import FEW
from shop.tree import Node, Tree

DATABASE = "database"
_AWAY = timedelta(seconds=5)
"""For how long an answer without the engine is believed."""
_DEEP = 10_000
"""So far into a list products are sorted part by part; all that go before are read for it."""
MOST_SUGGESTIONS = 8
FEWEST_LETTERS = 2
"""Fewer suggest nothing."""
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Source:
    """What answered: the engine's name, or `database`. `degraded` where that is because the engine did not."""

    engine: str
    degraded: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a list of `total` products: the rows to read, and their order where the database does not know it."""

    rows: "QuerySet[Product, Product]"
    total: int
    facets: Facets | None
    source: Source
    order: tuple[UUID, ...] | None = None

    def arranged(self, items: Sequence[Row], key: Callable[[Row], UUID]) -> list[Row]:
        """Return what was made of the rows in the order of the list."""
        if self.order is None:
            return list(items)
        known = {key(item): item for item in items}
        return [known[wanted] for wanted in self.order if wanted in known]


def find(
    *, filters: Filters, category: Node | None, tree: Tree, start: int, limit: int, always_facets: bool = True
) -> Part:
    """Return `limit` of the products shown now that `filters` ask for, from the `start`-th on, and how all of them are divided.

    Facets that are not to be had `always` are left out where the database would have to count them.
    """
    key = category.id if category else None
    # A list that is only narrowed can come from either. The engine finds it without reading thousands of rows; while it has something
    # to catch up with the database is asked, so that what was just written is there.
    by_engine = bool(filters.words) or (filters.narrows and not anything_waits())
    wanted = query_of(filters, category=key, start=start, limit=limit if by_engine else 0, facets=True)
    only_signs = bool(filters.words) and not wanted.clauses
    found = None if only_signs else ask(lambda engine: asking.search(engine, wanted))
    if found is None or found.facets is None:
        if not only_signs:
            freshness.true_until(clock.now() + _AWAY)
        return _from_database(filters, category, tree, start, limit, always_facets, degraded=not only_signs)
    source = Source(chosen_engine().name, degraded=False)
    if by_engine:
        facets = as_facets(found.facets, found.total, tree, filters)
        return Part(shown(found.ids), found.total, facets, source, found.ids)
    rows = selectors.matching(filters=filters, category=category)
    total = _total(rows, filters, category, tree)
    return _cut(rows, filters, start, limit, total, as_facets(found.facets, total, tree, filters), source)


def _from_database(
    filters: Filters, category: Node | None, tree: Tree, start: int, limit: int, wants_facets: bool, *, degraded: bool
) -> Part:
    """Return what `find` does, without an engine."""
    few = parts.few_with(filters.words) if filters.words else None
    rows = selectors.matching(filters=filters, category=category, few=few)
    most = (category or tree).count if few is None else len(few)
    source = Source(DATABASE, degraded=degraded)
    if not filters.words and not wants_facets:
        return _cut(rows, filters, start, limit, _total(rows, filters, category, tree), None, source)
    some = parts.in_parts(rows, most=most)
    facets = facets_of(parts=some, filters=filters, tree=tree) if wants_facets else None
    total = facets.total if facets else sum(part.count() for part in some)
    if len(some) == 1 or start > _DEEP or not filters.by_match:  # the other orders are those of an index
        return _cut(rows, filters, start, limit, total, facets, source)
    keys = parts.keys_in_parts(some, filters=filters, start=start, limit=limit)
    return Part(shown(keys), total, facets, source, keys)


def categories_with(*, filters: Filters, tree: Tree) -> dict[UUID, int] | None:
    """Return how many of what `filters` ask for each category has, all below it included, whatever category is being looked at.

    None where the engine has no answer.
    """
    wanted = query_of(filters, category=None, start=0, limit=0, facets=True)
    found: Found | None = ask(lambda engine: asking.search(engine, wanted))
    if found is None or found.facets is None:
        return None
    return {key: count for key, count in found.facets.categories.items() if key in tree.by_id}


def suggest(*, words: str, limit: int = MOST_SUGGESTIONS) -> list[dict[str, Any]]:
    """Return `id`, `name` and `slug` of products whose name or SKU has all the words, the best match first."""
    if len(words) < FEWEST_LETTERS:
        return []
    wanted = suggestion_query(words, limit=limit)
    found = ask(lambda engine: asking.suggest(engine, wanted))
    if found is None:
        freshness.true_until(clock.now() + _AWAY)
        found = tuple(selectors.suggested(words=words, limit=limit))
    rows = shown(found).values("id", "name", "slug")
    known = {row["id"]: dict(row) for row in rows} if found else {}
    return [known[key] for key in found if key in known]


def as_facets(counts: FacetCounts, total: int, tree: Tree, filters: Filters) -> Facets:
    """Return an engine's counts of what `filters` ask for in the shop's terms; categories in the order of the tree."""
    nodes = (node for root in tree.roots for node in root.walk())
    categories = [
        CategoryCount(node.id, node.name, node.slug, counts.categories[node.id])
        for node in nodes
        if counts.categories.get(node.id)
    ]
    prices = merged(((_price(low), _price(high), count) for low, high, count in counts.prices), filters)
    ratings = [RatingCount(stars, counts.ratings.get(stars, 0)) for stars in STARS]
    return Facets(total, categories, prices, ratings, counts.in_stock)


def shown(keys: tuple[UUID, ...]) -> "QuerySet[Product, Product]":
    """Return those of the products with these keys that the shop shows, in no order."""
    return Product.objects.filter(pk__in=keys, is_visible=True).order_by()


def _total(rows: "QuerySet[Product, Product]", filters: Filters, category: Node | None, tree: Tree) -> int:
    """Return how many products the list has; of what is not narrowed the tree knows it."""
    if filters.narrows:
        return rows.count()
    return category.count if category else tree.count


def _cut(
    rows: "QuerySet[Product, Product]",
    filters: Filters,
    start: int,
    limit: int,
    total: int,
    facets: Facets | None,
    source: Source,
) -> Part:
    """Return the part that begins at `start`.

    Where many rows are sorted or skipped before it, only their keys are, along an index and without the rows.
    """
    ordered = selectors.arranged(rows, filters=filters)
    if start < FAR and (not filters.words or total <= FEW):
        return Part(ordered[start : start + limit], total, facets, source)
    keys = keys_of(ordered, start, limit)
    return Part(shown(keys), total, facets, source, keys)


def _price(thousandths: int) -> Decimal:
    return fiat(Decimal(thousandths).scaleb(-3), settings.CURRENCY)
