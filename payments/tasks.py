"""What a worker is told to do: look. No task carries state, so a lost one costs one beat and a second one does no harm."""

import structlog
from celery import shared_task

from cryptons.alone import alone
from cryptons.errors import RateUnavailable
from cryptons.nudge import nudge
from payments import rates, watcher

logger = structlog.get_logger(__name__)


@shared_task(name="payments.tasks.watch")
@alone
def watch() -> None:
    """Look at the node once; what went wrong is in the log and on the watcher's row, and the next look catches up."""
    watcher.tick()


def look_soon() -> bool:
    """Have a worker look at the node now instead of at the next beat; return whether it was asked to.

    One look serves every payment, so any number of wishes within a second are one.
    """
    return nudge(watch)


@shared_task(name="payments.tasks.refresh_rates")
@alone
def refresh_rates() -> None:
    """Fetch the live price of bitcoin; the last one stays in use until it is too old."""
    try:
        rates.refresh()
    except RateUnavailable as error:
        logger.warning("rate_not_refreshed", reason=error.message)
