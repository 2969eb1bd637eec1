"""Background work that belongs to no app."""

from celery import shared_task

from cryptons import clock
from cryptons.models import Heartbeat

WORKER = "worker"


@shared_task(name="cryptons.tasks.beat")
def beat() -> None:
    """Leave a mark that schedule, queue and worker are alive: this runs only where all three are."""
    Heartbeat.objects.update_or_create(pk=WORKER, defaults={"seen_at": clock.now()})
