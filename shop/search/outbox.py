"""What the index has to catch up with: noted in the transaction that changed it, so that neither is ever there without the other.

Notes are only ever added, so no transaction waits for another because of them, and a product that changed a hundred times has a hundred
small rows and one document. Whoever reads them looks at the product as it is then; applying a note twice does no harm.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from shop.models import SearchChange

_BATCH = 500


def products_changed(product_ids: Iterable[UUID]) -> None:
    """Note that these products are to be indexed anew, or taken out where they are not shown any more."""
    SearchChange.objects.bulk_create([SearchChange(product_id=key) for key in product_ids], batch_size=_BATCH)


def category_changed(category_id: UUID) -> None:
    """Note that all products in the category and below it are to be indexed anew."""
    SearchChange.objects.create(category_id=category_id)


def product_changed_after(*, instance: Any, **_: Any) -> None:
    """Note a product that was saved or deleted (receiver of `post_save` and `post_delete`)."""
    products_changed([instance.pk])


def category_changed_after(*, instance: Any, created: bool = False, **_: Any) -> None:
    """Note a category that was saved (receiver of `post_save`); a new one has no products yet."""
    if not created:
        category_changed(instance.pk)


def anything_waits() -> bool:
    """Return whether there is something that the index does not know yet."""
    return SearchChange.objects.exists()


def forget(noted: Sequence[UUID]) -> None:
    """Take out the notes with these keys: what they say is in the index."""
    for start in range(0, len(noted), _BATCH):
        SearchChange.objects.filter(pk__in=noted[start : start + _BATCH]).delete()
