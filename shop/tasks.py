"""Background work of the shop. It carries no state: it looks into the database for what is due."""

import structlog
from celery import shared_task
from django.core.cache import cache

from cryptons.alone import alone
from shop import wishlist
from shop.search.applying import apply_changes
from shop.search.engine import SearchBusy, SearchUnavailable
from shop.search.rebuilding import mend

log = structlog.get_logger(__name__)


@shared_task(name="shop.tasks.tell_what_is_back")
@alone
def tell_what_is_back() -> int:
    """Note what on wishlists is sold out, and tell those who waited for what is not any more; return how many were told."""
    wishlist.note_what_is_gone()
    return wishlist.tell_what_is_back()


@shared_task(name="shop.tasks.keep_search")
@alone
def keep_search() -> int:
    """Bring into the search index what changed; return how many documents that were. While the engine is away it stays noted."""
    try:
        return apply_changes()
    except SearchBusy:
        return 0
    except SearchUnavailable as error:
        _say_sometimes(error)
        return 0


@shared_task(name="shop.tasks.mend_search")
@alone
def mend_search() -> bool:
    """Build the search index where it is missing, damaged or of another version; return whether it was."""
    try:
        return mend()
    except SearchBusy:
        return False
    except SearchUnavailable as error:
        _say_sometimes(error)
        return False


def _say_sometimes(error: SearchUnavailable) -> None:
    if cache.add("shop:search:said", True, 60):
        log.warning("search.unavailable", because=str(error))
