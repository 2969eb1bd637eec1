"""Building the index anew from the database, while the old one answers."""

from collections.abc import Callable, Iterator

import structlog

from shop.models import SearchChange
from shop.search.choice import chosen_engine
from shop.search.comparing import differences, repair
from shop.search.documents import BATCH, all_documents
from shop.search.engine import Document, SearchBusy
from shop.search.lease import LENGTH, REBUILDING, Lease, is_held, leased
from shop.search.outbox import forget
from shop.version import catalogue_changed

log = structlog.get_logger(__name__)

Progress = Callable[[int], None]


def rebuild(progress: Progress | None = None, *, batch: int = BATCH) -> int:
    """Build the index anew from the database while the old one answers; return how many documents it holds.

    `batch` products are read at once. Raises SearchBusy where somebody else is at it, SearchUnavailable; then the old index stays in use.
    """
    with leased(REBUILDING, length=LENGTH) as lease:
        if lease is None:
            raise SearchBusy(
                "The search index is being rebuilt already, or a rebuild was stopped within the last minute."
            )
        noted = list(SearchChange.objects.values_list("pk", flat=True))
        held = chosen_engine().rebuild(_counted(lease, progress, batch))
        late = not lease.renew()
    # What was noted before the first product was read is in the index.
    forget(noted)
    catalogue_changed()
    if late:
        # Somebody may have taken the old index for the one that stays.
        log.warning("search.rebuild_took_too_long")
        repair(differences())
    return held


def mend() -> bool:
    """Build the index where it cannot be used; return whether it was needed. Raises SearchUnavailable."""
    state = chosen_engine().state()
    if state.ready or is_held(REBUILDING):
        return False
    log.warning("search.rebuilding", because=state.detail)
    rebuild()
    return True


def _counted(lease: Lease, progress: Progress | None, batch: int) -> Iterator[Document]:
    number = 0
    for number, document in enumerate(all_documents(batch), start=1):
        yield document
        if number % batch == 0:
            _still_ours(lease)
            if progress:
                progress(number)
    _still_ours(lease)
    if progress:
        progress(number)


def _still_ours(lease: Lease) -> None:
    if not lease.renew():
        raise SearchBusy("This rebuild stood still for so long that another one may have begun. It is given up.")
