"""Background work of the API."""

from celery import shared_task

from cryptons import clock
from cryptons.api.idempotency import KEPT
from cryptons.api.models import IdempotencyRecord, Tally


@shared_task(name="cryptons.api.tasks.forget_keys")
def forget_keys() -> int:
    """Delete the idempotency records whose day is over; return how many."""
    return IdempotencyRecord.objects.filter(created_at__lt=clock.now() - KEPT).delete()[0]


@shared_task(name="cryptons.api.tasks.forget_tries")
def forget_tries() -> int:
    """Delete the counts whose window is over; return how many."""
    return Tally.objects.filter(until__lt=clock.now()).delete()[0]
