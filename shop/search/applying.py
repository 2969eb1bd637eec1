"""Bringing into the index what was noted as changed.

Only one process at a time applies, so that nobody puts back what another one put newer. A rebuild goes on beside it: what is noted
meanwhile is applied to the old index at once, and again to the new one.
"""

from uuid import UUID

import structlog

from cryptons import clock
from cryptons.db import guarded_update
from shop.models import Category, Product, SearchChange
from shop.search.choice import chosen_engine
from shop.search.documents import BATCH, documents_of
from shop.search.engine import SearchNotReady, SearchUnavailable
from shop.search.lease import APPLYING, LENGTH, REBUILDING, Lease, is_held, leased
from shop.search.outbox import forget, products_changed
from shop.search.rebuilding import rebuild
from shop.version import catalogue_changed

log = structlog.get_logger(__name__)

_MOST_BATCHES = 100


def apply_changes() -> int:
    """Bring what was noted into the index; return how many documents were put in or taken out. Builds the index where there is none.

    Raises SearchUnavailable, and then what was noted stays so.
    """
    if not SearchChange.objects.exists():
        return 0
    with leased(APPLYING, length=LENGTH) as lease:
        if lease is None:
            return 0
        try:
            return _apply_all(lease)
        except SearchNotReady as error:
            log.warning("search.rebuilding", because=str(error))
            return rebuild()


def _apply_all(lease: Lease) -> int:
    done = 0
    for _ in range(_MOST_BATCHES):
        applied = _apply_products(lease) or _apply_category(lease)
        if not applied:
            break
        done += applied
    return done


def _apply_products(lease: Lease) -> int:
    rows = SearchChange.objects.filter(product_id__isnull=False)
    if is_held(REBUILDING):
        rows = rows.filter(applied_at=None)
    noted = dict(rows.order_by("pk").values_list("pk", "product_id")[:BATCH])
    if not noted:
        return 0
    # Asked after the notes were read: a rebuild that begins from here on reads products at least as new as they are.
    rebuilding = is_held(REBUILDING)
    keys = sorted({key for key in noted.values() if key})
    _put(keys, lease)
    if rebuilding:
        SearchChange.objects.filter(pk__in=list(noted)).update(applied_at=clock.now())
    else:
        forget(list(noted))
    return len(keys)


def _apply_category(lease: Lease) -> int:
    if is_held(REBUILDING):
        return 0
    change = SearchChange.objects.filter(category_id__isnull=False).order_by("pk").first()
    if change is None:
        return 0
    rows = Product.objects.filter(category_id__in=_below(change.category_id), is_visible=True)
    if change.after:
        rows = rows.filter(pk__gt=change.after)
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    if is_held(REBUILDING):
        return 0
    if keys:
        _put(keys, lease)
    here = SearchChange.objects.filter(pk=change.pk, after=change.after)
    if len(keys) < BATCH:
        here.delete()
    else:
        guarded_update(here, after=keys[-1])
    return max(len(keys), 1)


def _put(keys: list[UUID], lease: Lease) -> None:
    """Bring these products into the index as they are now."""
    documents = documents_of(keys)
    shown = {document.id for document in documents}
    chosen_engine().apply(put=documents, remove=[key for key in keys if key not in shown])
    catalogue_changed()
    if not lease.renew():
        # It took so long that another one went on; what it put newer may just have been put back.
        products_changed(keys)
        raise SearchUnavailable("Applying changes to the search index took too long. They are applied again.")


def _below(category_id: UUID | None) -> list[UUID]:
    children: dict[UUID | None, list[UUID]] = {}
    for key, parent in Category.objects.values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(key)
    found: set[UUID] = set()
    waiting = [category_id] if category_id else []
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += children.get(here, [])
    return sorted(found)
