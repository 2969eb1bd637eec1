"""Counts that must hold: tries at a password, counted in the database.

Whatever the cache is, however many processes serve, and whether one was started anew in between: a guesser gets so many tries and no
more. That costs a write a try, which is nothing beside the password's hash; what is over is refused after one read.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError
from django.db.models import F, QuerySet
from django.utils.crypto import salted_hmac
from rest_framework.request import Request
from rest_framework.views import APIView

from cryptons import clock
from cryptons.api.limits import State, Throttle, Window
from cryptons.api.models import Tally
from cryptons.api.requests import plain
from cryptons.client import network_of
from cryptons.db import guarded_update, one_insert

_ROUNDS = 4  # nothing, then a row, then perhaps one that has run out: each is seen once, and never a step back
_TURN_KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SureWindow(Window):
    """A window whose count is a row. Of any number of simultaneous tries exactly `most` go through."""

    def count(self) -> State:
        """Count one try and return where that leaves its sender; tries that are over are not counted further."""
        for _ in range(_ROUNDS):
            now, row = clock.now(), self._rows().first()
            if row is not None and row.until > now and row.used >= self.most:
                break
            state = self._opened(row, now) if row is None or row.until <= now else self._counted(row, now)
            if state is not None:
                return state
        return State(self.most, self.most + 1, self.look().reset)

    def look(self) -> State:
        """Return where the count stands without counting."""
        now, row = clock.now(), self._rows().first()
        if row is None or row.until <= now:
            return State(self.most, 0, self.seconds)
        return State(self.most, row.used, self._left(row, now))

    def take_back(self, tries: int) -> None:
        """Let so many tries not have been, where the window still holds them."""
        guarded_update(self._rows().filter(until__gt=clock.now(), used__gte=tries), used=F("used") - tries)

    def forget(self) -> None:
        """Begin anew."""
        self._rows().delete()

    def open_anew(self) -> None:
        """Begin a window with one try now, whatever was counted before."""
        until = clock.now() + timedelta(seconds=self.seconds)
        if not guarded_update(self._rows(), used=1, until=until):
            self._made(until)  # where another has just made it, that one is as young

    def _opened(self, row: Tally | None, now: datetime) -> State | None:
        """Begin a window with this try; None where another was quicker."""
        until = now + timedelta(seconds=self.seconds)
        old = self._rows().filter(until=row.until) if row else None
        won = self._made(until) if old is None else guarded_update(old, used=1, until=until)
        return State(self.most, 1, self.seconds) if won else None

    def _made(self, until: datetime) -> bool:
        try:
            with one_insert():
                Tally.objects.create(pk=self._id, used=1, until=until)
        except IntegrityError:
            return False
        return True

    def _counted(self, row: Tally, now: datetime) -> State | None:
        open_rows = self._rows().filter(until=row.until, used__lt=self.most)
        won = guarded_update(open_rows, used=F("used") + 1)
        return State(self.most, row.used + 1, self._left(row, now)) if won else None

    def _rows(self) -> "QuerySet[Tally]":
        return Tally.objects.filter(pk=self._id)

    @property
    def _id(self) -> UUID:
        return _key(self.scope, self.who)

    def _left(self, row: Tally, now: datetime) -> int:
        return max(1, min(self.seconds, int((row.until - now).total_seconds()) + 1))


@dataclass(frozen=True, slots=True)
class Turn:
    """Lets one transaction after the other do something that counts rows first: a row that all of them write to.

    `scope` and `who` name it. `prepare` before the transaction, `take` within it: whoever comes second waits there for the first to
    commit. A row that is deleted in between is no harm beyond one that does not wait.
    """

    scope: str
    who: str

    def prepare(self) -> None:
        """Make sure of the row."""
        if not self._rows().exists():
            try:
                with one_insert():
                    Tally.objects.create(
                        pk=_key(f"turn:{self.scope}", self.who), used=0, until=clock.now() + _TURN_KEPT
                    )
            except IntegrityError:
                return  # another has just made it

    def take(self) -> None:
        """Wait for whoever is at it."""
        guarded_update(self._rows(), until=clock.now() + _TURN_KEPT)

    def _rows(self) -> "QuerySet[Tally]":
        return Tally.objects.filter(pk=_key(f"turn:{self.scope}", self.who))


class AuthThrottle(Throttle):
    """The ways in: each by itself, by address. What an account counts by is `accounts.brake`."""

    def window(self, request: Request, view: APIView) -> Window:
        """Return the window of this address at this way in."""
        return SureWindow(f"auth:{type(view).__name__}", network_of(plain(request)), *settings.RATELIMIT_AUTH)


def _key(scope: str, who: str) -> UUID:
    """Return the row's key, made with the store's secret: who reads the table learns nothing of who did what from where."""
    spelled = f"{scope}\n{who}".encode("utf-8", "replace").decode()
    return UUID(bytes=salted_hmac("cryptons.api.tries", spelled, algorithm="sha256").digest()[:16])
