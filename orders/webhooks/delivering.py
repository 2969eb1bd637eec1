"""Sends what is due: to each endpoint by itself, and of each order in the order of its events.

An event waits for the earlier ones of its order at the same endpoint until they are delivered or given up; other orders pass it by.
Nothing but the claim on a row decides who sends it, so any number of workers may be at it.
"""

import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from uuid import UUID

import structlog
from django.db import connections
from django.db.models import Q, QuerySet

from cryptons import clock
from cryptons.db import guarded_update
from cryptons.outbox import Delivery, claim
from cryptons.stopping import is_stopping
from orders.models import WebhookDelivery, WebhookEndpoint
from orders.webhooks import sending
from orders.webhooks.outcome import rest, settle

log = structlog.get_logger(__name__)

ROUND_SECONDS = 20.0
"""After which a worker turns from an endpoint, so that what became due elsewhere meanwhile is looked at."""

_FAILURES = 3  # in one round: then the endpoint is away, and trying all that waits would only take long
_LOOKS = 500

# Slow endpoints must not hold the worker's few threads, which watch the chain; so they wait in threads of their own.
_pool = ThreadPoolExecutor(8, thread_name_prefix="webhooks")
_busy: set[UUID] = set()
_lock = Lock()


def start_round() -> "list[Future[Delivery]]":
    """Begin to send to each endpoint for which something is due and nobody in this process is at work; return what will come of it."""
    due = waiting().filter(next_attempt_at__lte=clock.now()).order_by()
    ready = due.values_list("endpoint_id", flat=True).distinct()
    return [_pool.submit(_work, key) for key in _taken(ready)]


def deliver_to(*, endpoint_id: UUID) -> Delivery:
    """Send what is due for one endpoint, the longest due first, for ROUND_SECONDS or until it seems to be away or the worker stops."""
    until = time.monotonic() + ROUND_SECONDS
    sent = failed = 0
    while failed < _FAILURES and time.monotonic() < until and not is_stopping():
        endpoint = WebhookEndpoint.objects.filter(_ready(), pk=endpoint_id).first()
        row = _claim_next(endpoint) if endpoint else None
        if endpoint is None or row is None:
            break
        answer = sending.send(endpoint, row)
        settle(endpoint, row, answer)
        sent, failed = (sent + 1, failed) if answer.is_good else (sent, failed + 1)
    if failed == _FAILURES and not sent:
        # One event that is refused again and again is never three in one round, so it holds up no other.
        rest(endpoint_id=endpoint_id)
    return Delivery(sent=sent, failed=failed)


def waiting() -> "QuerySet[WebhookDelivery, WebhookDelivery]":
    """Return what is to be sent to endpoints that are neither switched off nor left alone for a while."""
    return WebhookDelivery.objects.filter(endpoint__in=WebhookEndpoint.objects.filter(_ready()))


def switched_off() -> int:
    """Return how many endpoints the store switched off by itself; saving one, on or off, takes it from the count."""
    return WebhookEndpoint.objects.filter(is_active=False).exclude(off_because="").count()


def _ready() -> Q:
    """Return what is true of an endpoint that is to be sent to now."""
    return Q(is_active=True) & (Q(paused_until=None) | Q(paused_until__lte=clock.now()))


def _taken(endpoints: Iterable[UUID]) -> list[UUID]:
    with _lock:
        free = [key for key in endpoints if key not in _busy]
        _busy.update(free)
    return free


def _work(endpoint_id: UUID) -> Delivery:
    try:
        return deliver_to(endpoint_id=endpoint_id)
    except Exception:
        # Nobody waits for this thread; what is due stays due.
        log.exception("webhook.round_failed", endpoint=str(endpoint_id))
        raise
    finally:
        connections.close_all()
        with _lock:
            _busy.discard(endpoint_id)


def _claim_next(endpoint: WebhookEndpoint) -> WebhookDelivery | None:
    """Return the row that is due the longest and waits for no other, claimed; None where there is none."""
    for _ in range(_LOOKS):
        due = WebhookDelivery.objects.filter(endpoint=endpoint, next_attempt_at__lte=clock.now())
        row = due.order_by("next_attempt_at", "sequence").first()
        if row is None:
            break
        earlier = _waited_for(row)
        if earlier is None:
            if claim(row):
                return row
        else:
            _put_off(row, earlier)
    return None


def _put_off(row: WebhookDelivery, earlier: WebhookDelivery) -> None:
    """Put `row` out of the way until the earlier one is due; `settle` calls it back as soon as that one is done.

    Where that was done in the meantime, nobody else may have seen `row` put off: then it is called back here.
    """
    until = earlier.next_attempt_at
    same = WebhookDelivery.objects.filter(pk=row.pk)
    guarded_update(same.filter(next_attempt_at=row.next_attempt_at), next_attempt_at=until)
    still = _waited_for(row)
    if still is None or still.next_attempt_at != until:
        guarded_update(same.filter(next_attempt_at=until), next_attempt_at=clock.now())


def _waited_for(row: WebhookDelivery) -> WebhookDelivery | None:
    """Return the first event of the same order that this endpoint has yet to be told before `row`."""
    if row.order_id is None or row.out_of_turn:
        return None
    earlier = WebhookDelivery.objects.filter(
        endpoint=row.endpoint_id,
        order=row.order_id,
        sequence__lt=row.sequence,
        out_of_turn=False,
        next_attempt_at__isnull=False,
    )
    return earlier.order_by("sequence").first()
