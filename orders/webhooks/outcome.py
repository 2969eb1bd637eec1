"""What follows from one try: the delivery is done, tried again later or given up, and the endpoint is trusted or rested."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db.models import F

from cryptons import clock
from cryptons.db import atomic, guarded_update
from cryptons.outbox import GIVE_UP_AFTER, held, wait_after
from cryptons.outgoing.posting import Answer
from orders.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint

log = structlog.get_logger(__name__)

OFF_AFTER = timedelta(days=5)
"""After how long with nothing but failures an endpoint is switched off."""

_GONE = 410
_LONGEST_REST = timedelta(minutes=5)


def settle(endpoint: WebhookEndpoint, row: WebhookDelivery, answer: Answer) -> None:
    """Write one try down with all that follows from it. A worker that was overtaken writes the try alone."""
    now = clock.now()
    first = row.first_attempt_at or now
    again = None if answer.is_good or answer.status == _GONE else _again(row, first, now)
    changes: dict[str, Any] = {
        "next_attempt_at": again,
        "sent_at": now if answer.is_good else None,
        "last_error": "" if answer.is_good else _in_words(answer),
        "first_attempt_at": first,
    }
    with atomic():
        _record(row, answer, now)
        was_held = guarded_update(held(row), **changes)
        if was_held:
            _judge(endpoint, answer, now)
    if was_held and again is None:
        # Once everybody can see that `row` is done, so that who puts the next one off meanwhile either is seen here or sees that.
        _call_next(row, now)
    log.info(
        "webhook.sent" if answer.is_good else "webhook.failed",
        endpoint=str(endpoint.pk),
        event_id=str(row.event_id),
        attempt=row.attempts,
        status=answer.status,
        error=answer.error,
        again_at=again.isoformat() if again else None,
    )


def rest(*, endpoint_id: UUID) -> None:
    """Leave an endpoint alone for a while, the longer the more tries in a row failed, so that a dead one costs little."""
    endpoint = WebhookEndpoint.objects.filter(pk=endpoint_id).first()
    if endpoint is not None:
        pause = min(wait_after(endpoint.failures), _LONGEST_REST)
        WebhookEndpoint.objects.filter(pk=endpoint_id).update(paused_until=clock.now() + pause)


def _again(row: WebhookDelivery, first: datetime, now: datetime) -> datetime | None:
    """Return when to try again; None where it was tried for three days. Time spent waiting for an earlier event does not count."""
    return None if now - first > GIVE_UP_AFTER else now + wait_after(row.attempts)


def _in_words(answer: Answer) -> str:
    return answer.error or f"The endpoint answered {answer.status}."


def _record(row: WebhookDelivery, answer: Answer, now: datetime) -> None:
    WebhookAttempt.objects.create(
        delivery=row,
        number=row.attempts,
        at=now - timedelta(milliseconds=answer.milliseconds),
        milliseconds=answer.milliseconds,
        status_code=answer.status,
        error=answer.error,
        answer=answer.beginning,
    )


def _call_next(row: WebhookDelivery, now: datetime) -> None:
    """Let the next event of the same order go, which may have been put off until `row` was to be tried again."""
    if row.order_id is None or row.out_of_turn:
        return
    later = WebhookDelivery.objects.filter(
        endpoint=row.endpoint_id,
        order=row.order_id,
        sequence__gt=row.sequence,
        out_of_turn=False,
        next_attempt_at__gt=now,
        attempts=0,
    )
    following = later.order_by("sequence").first()
    if following is not None:
        WebhookDelivery.objects.filter(pk=following.pk, attempts=0).update(next_attempt_at=now)


def _judge(endpoint: WebhookEndpoint, answer: Answer, now: datetime) -> None:
    """Keep count of failures in a row: days with nothing else switch the endpoint off, as its own 410 does."""
    same = WebhookEndpoint.objects.filter(pk=endpoint.pk)
    if answer.is_good:
        if endpoint.failures:
            same.update(failures=0, failing_since=None, paused_until=None)
        return
    since = endpoint.failing_since or now
    same.update(failures=F("failures") + 1, failing_since=since)
    if answer.status == _GONE:
        _switch_off(endpoint, f"It answered 410 Gone on {now:%Y-%m-%d %H:%M} UTC: it wants no more messages.", now)
    elif now - since > OFF_AFTER:
        _switch_off(endpoint, f"Nothing but failures since {since:%Y-%m-%d %H:%M} UTC.", now)


def _switch_off(endpoint: WebhookEndpoint, why: str, now: datetime) -> None:
    active = WebhookEndpoint.objects.filter(pk=endpoint.pk, is_active=True)
    if guarded_update(active, is_active=False, off_because=why, updated_at=now):
        log.error("webhook.switched_off", endpoint=str(endpoint.pk), why=why)
