"""Background work that belongs to no app."""

from celery import shared_task

from cryptons import clock, freshness
from cryptons.alone import alone
from cryptons.models import Heartbeat

WORKER = "worker"


@shared_task(name="cryptons.tasks.beat")
def beat() -> None:
    """Leave a mark that schedule, queue and worker are alive: this runs only where all three are."""
    Heartbeat.objects.update_or_create(pk=WORKER, defaults={"seen_at": clock.now()})


@shared_task(name="cryptons.tasks.tell_again")
@alone
def tell_again() -> int:
    """Tell every process what was changed in the last seconds and not told yet; return how many changes that were."""
    return freshness.tell_again()
