"""What a worker is told to do: look. No task carries state, so a lost one costs one beat and a second one does no harm."""

import structlog
from celery import shared_task

from cryptons.errors import RateUnavailable
from payments import rates, watcher

logger = structlog.get_logger(__name__)


@shared_task(name="payments.tasks.watch")
def watch() -> None:
    """Look at the node once; what went wrong is in the log and on the watcher's row, and the next look catches up."""
    watcher.tick()


@shared_task(name="payments.tasks.refresh_rates")
def refresh_rates() -> None:
    """Fetch the live price of bitcoin; the last one stays in use until it is too old."""
    try:
        rates.refresh()
    except RateUnavailable as error:
        logger.warning("rate_not_refreshed", reason=error.message)
