"""Searching by the database alone where there are very many products: no one query looks at all of them for long."""

from collections.abc import Sequence
from operator import itemgetter
from uuid import UUID

from django.db.models import QuerySet

from shop.filters import Filters
from shop.models import Product
from shop.search.text import containing, few_keys
from shop.selectors import INDEXED, arranged

PART = 25_000
"""Rows of which anything can be counted at once without anybody waiting for it."""


def few_with(words: str) -> list[UUID] | None:
    """Return the keys of all visible products whose name and SKU have the words, None where they are many."""
    return few_keys(containing(Product.objects.filter(is_visible__in=INDEXED), words))


def in_parts(rows: "QuerySet[Product, Product]", *, most: int) -> "list[QuerySet[Product, Product]]":
    """Return visible products of which there are no more than `most` in parts of at most `PART`, for what would take long over all of them.

    Their texts tell them apart, so that a part is read from the index that has everything of it that is counted.
    """
    if most <= PART:
        return [rows]
    texts = Product.objects.filter(is_visible__in=INDEXED).order_by("search_text").values_list("search_text", flat=True)
    rest = rows = rows.filter(is_visible__in=INDEXED)
    parts, beyond = [], texts
    while (edge := beyond[PART - 1 : PART].first()) is not None:
        parts.append(rest.filter(search_text__lte=edge))
        rest, beyond = rows.filter(search_text__gt=edge), texts.filter(search_text__gt=edge)
    return [*parts, rest]


def keys_in_parts(
    parts: "Sequence[QuerySet[Product, Product]]", *, filters: Filters, start: int, limit: int
) -> tuple[UUID, ...]:
    """Return the keys of `limit` of the products in `parts` from the `start`-th on, in the order that `filters` ask for."""
    columns = filters.columns
    names = [column.removeprefix("-") for column in columns]
    found = [row for part in parts for row in arranged(part, filters=filters).values_list(*names)[: start + limit]]
    for place, column in reversed([*enumerate(columns)]):
        found.sort(key=itemgetter(place), reverse=column.startswith("-"))
    return tuple(row[-1] for row in found[start : start + limit])
