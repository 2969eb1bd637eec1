"""A right that one process at a time has, for a while: so one that dies with it does not keep it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import IntegrityError

from cryptons import clock
from cryptons.db import atomic, guarded_update, uuid7
from shop.models import SearchLease

APPLYING = "applying"
REBUILDING = "rebuilding"
LENGTH = timedelta(seconds=60)
"""How long a process that died keeps others from going on with its work."""


class Lease:
    """A right that was taken. Whoever works longer than `length` renews it, and stops where that fails: somebody else took over."""

    def __init__(self, name: str, length: timedelta) -> None:
        self._rows = SearchLease.objects.filter(name=name)
        self._name = name
        self._length = length
        self._holder = uuid7()

    def take(self) -> bool:
        """Return whether nobody else has it, and so it is ours."""
        if guarded_update(self._rows.filter(until__lt=clock.now()), holder=self._holder, until=self._end()):
            return True
        if self._rows.exists():
            return False
        try:
            with atomic():
                SearchLease.objects.create(name=self._name, holder=self._holder, until=self._end())
        except IntegrityError:
            return False
        return True

    def renew(self) -> bool:
        """Return whether it is still ours, for another while."""
        mine = self._rows.filter(holder=self._holder, until__gte=clock.now())
        return guarded_update(mine, until=self._end())

    def give_back(self) -> None:
        """Let the next one have it."""
        self._rows.filter(holder=self._holder).delete()

    def _end(self) -> datetime:
        return clock.now() + self._length


@contextmanager
def leased(name: str, *, length: timedelta) -> Iterator[Lease | None]:
    """Give the right called `name`, or None where somebody else has it."""
    lease = Lease(name, length)
    if not lease.take():
        yield None
        return
    try:
        yield lease
    finally:
        lease.give_back()


def is_held(name: str) -> bool:
    """Return whether somebody has the right called `name`."""
    return SearchLease.objects.filter(name=name, until__gte=clock.now()).exists()
