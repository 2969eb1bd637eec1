"""Products as documents, read from the database in bounded batches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from shop.models import Category, Product
from shop.search.engine import Document

BATCH = 500
"""Products that are read, and indexed, at once."""

_COLUMNS = (
    "id",
    "name",
    "sku",
    "summary",
    "description",
    "category_id",
    "price",
    "rating",
    "rating_count",
    "stock",
    "created_at",
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """The keys of a category and all above it, nearest first, and their names."""

    keys: tuple[UUID, ...]
    names: tuple[str, ...]


def documents_of(product_ids: Sequence[UUID]) -> list[Document]:
    """Return the documents of those of the products that are shown in the shop, as they are now. Two queries."""
    rows = Product.objects.filter(pk__in=product_ids, is_visible=True).order_by("pk").values(*_COLUMNS)
    return _documents(list(rows), places()) if product_ids else []


def all_documents(batch: int = BATCH) -> Iterator[Document]:
    """Yield the documents of all products that are shown, by key; a query for each batch."""
    known = places()
    after: UUID | None = None
    while True:
        rows = Product.objects.filter(is_visible=True, **({"pk__gt": after} if after else {}))
        found = list(rows.order_by("pk").values(*_COLUMNS)[:batch])
        yield from _documents(found, known)
        if len(found) < batch:
            return
        after = found[-1]["id"]


def places() -> Mapping[UUID, Place]:
    """Return where each category stands in the tree, read anew. What stands below itself by some accident ends at its beginning."""
    rows = {key: (parent, name) for key, parent, name in Category.objects.values_list("id", "parent_id", "name")}
    found = {}
    for key in rows:
        path: dict[UUID, str] = {}
        here: UUID | None = key
        while here in rows and here not in path:
            parent, path[here] = rows[here]
            here = parent
        found[key] = Place(tuple(path), tuple(path.values()))
    return found


def thousandths(price: Decimal) -> int:
    """Return a price as documents have it."""
    return int(price.scaleb(3))


def _documents(rows: Sequence[Mapping[str, Any]], known: Mapping[UUID, Place]) -> list[Document]:
    if any(row["category_id"] not in known for row in rows):
        known = places()  # one was added since
    return [_document(row, known.get(row["category_id"], Place((row["category_id"],), ()))) for row in rows]


def _document(row: Mapping[str, Any], place: Place) -> Document:
    return Document(
        id=row["id"],
        name=row["name"],
        sku=row["sku"],
        description=f"{row['summary']}\n{row['description']}",
        categories=place.keys,
        category_names=place.names,
        price=thousandths(row["price"]),
        rating=int(row["rating"] * 100),
        rating_count=row["rating_count"],
        in_stock=row["stock"] > 0,
        created=(row["created_at"] - _EPOCH) // timedelta(microseconds=1),
    )
