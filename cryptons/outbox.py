"""The outbox: news is written in the transaction that made it true, and sent after it, at least once.

A row is due while `next_attempt_at` is set and past. Claiming a due row is a guarded update that moves `next_attempt_at` forward
by the lease: of any number of workers one wins, and a worker that dies leaves a row that falls due again. A row that was sent, or
whose time is up, has `next_attempt_at` null.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import structlog
from django.db import models

from cryptons import clock
from cryptons.db import KeyedModel, guarded_update
from cryptons.stopping import is_stopping

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=2)
GIVE_UP_AFTER = timedelta(days=3)
_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(hours=1)


class OutboxRow(KeyedModel):
    """What every outbox has. `key` is unique to the news, so that a step done twice is told once."""

    key = models.CharField(max_length=160, unique=True)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True, default=clock.now, db_index=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True


WAITING = models.Q(next_attempt_at__gt=datetime(2000, 1, 1, tzinfo=UTC))
"""What is true of a row that waits to be sent, written so that SQLite uses the index, which it does not for IS NOT NULL."""

Row = TypeVar("Row", bound=OutboxRow)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one round did: how many rows were sent, and how many failed and wait for their next try (or gave up)."""

    sent: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many rows wait to be sent, since when the oldest of them is due (None: none is), and how many have failed before."""

    waiting: int
    oldest: datetime | None
    failing: int

    def __add__(self, other: "Backlog") -> "Backlog":
        """Return both together."""
        due = [moment for moment in (self.oldest, other.oldest) if moment]
        return Backlog(self.waiting + other.waiting, min(due, default=None), self.failing + other.failing)


def backlog_of(rows: "models.QuerySet[Any, Any]") -> Backlog:
    """Return what waits among the `rows` of an outbox."""
    waiting = rows.filter(WAITING).order_by()
    found = waiting.aggregate(number=models.Count("*"), oldest=models.Min("next_attempt_at"))
    due = found["oldest"] if found["oldest"] and found["oldest"] <= clock.now() else None
    return Backlog(found["number"], due, waiting.filter(attempts__gt=0).count())


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after the `attempts`-th failure: 5 s, doubled each time, an hour at most."""
    doublings = min(max(attempts - 1, 0), 12)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)


def deliver_due(model: type[Row], send: Callable[[Row], None], *, limit: int = 100) -> Delivery:
    """Send what is due, oldest first, at most `limit` rows; `send` raises where it failed.

    One row's failure is recorded on it and never holds up the others. A worker that is to stop leaves the rest to the next.
    """
    sent = failed = 0
    due = model._default_manager.filter(next_attempt_at__lte=clock.now()).order_by("next_attempt_at")
    for row in due[:limit]:
        if is_stopping():
            break
        if not claim(row):
            continue
        try:
            send(row)
        except Exception as error:
            _record_failure(row, error)
            failed += 1
        else:
            guarded_update(held(row), sent_at=clock.now(), next_attempt_at=None, last_error="")
            sent += 1
    return Delivery(sent=sent, failed=failed)


def send_again(row: OutboxRow) -> None:
    """Make a row due once more, whatever became of it."""
    type(row)._default_manager.filter(pk=row.pk).update(next_attempt_at=clock.now(), sent_at=None, attempts=0)


def claim(row: OutboxRow) -> bool:
    """Take a due row for the time of the lease; false where another worker was first."""
    until = clock.now() + LEASE
    same = type(row)._default_manager.filter(pk=row.pk, next_attempt_at=row.next_attempt_at)
    if not guarded_update(same, next_attempt_at=until, attempts=models.F("attempts") + 1):
        return False
    row.next_attempt_at = until
    row.attempts += 1
    return True


def held(row: OutboxRow) -> "models.QuerySet[OutboxRow]":
    """Return the row as long as this worker's claim stands."""
    return type(row)._default_manager.filter(pk=row.pk, next_attempt_at=row.next_attempt_at)


def _record_failure(row: OutboxRow, error: Exception) -> None:
    over = clock.now() - row.created_at > GIVE_UP_AFTER
    again: datetime | None = None if over else clock.now() + wait_after(row.attempts)
    log.warning("outbox.failed", row=str(row.pk), key=row.key, attempts=row.attempts, error=repr(error), gave_up=over)
    guarded_update(held(row), next_attempt_at=again, last_error=repr(error)[:300])
