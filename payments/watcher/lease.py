"""Who is looking right now: a lease on the watcher's row, taken, kept and given back by guarded updates.

One holder at a time. A holder that was too slow loses the lease to the next, and from then on can write nothing: each of its
transactions begins by touching the row under its own name (`hold`), and so does the storing of the cursor (`finish`).
"""

import hashlib
import os
import secrets
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.db.models import Q, QuerySet

from cryptons import clock
from cryptons.db import atomic, guarded_update
from payments.models import Cursor, Watcher

KEPT_CURSORS = 300
"""How many earlier cursors are kept: a node that is killed can fall back by a day's blocks (its periodic flush)."""


class LeaseLost(Exception):
    """Another holder took over; whatever this one still wants to write is out of date."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the watching stands: the cursor for the next look ("" for the beginning) and the chain's height at the last one."""

    cursor: str
    height: int


# Where this process left off. The claim repeats it as a condition, so that one query both claims and tells that it still holds.
_remembered: dict[str, Place] = {}


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to look at `coin` and to write what was seen, beginning at `place`."""

    coin: str
    token: str
    place: Place

    def hold(self) -> None:
        """Prolong the lease. Called first in a transaction, it also keeps others from taking over until that ends. Raises LeaseLost."""
        if not guarded_update(self._own(), leased_until=clock.now() + _duration()):
            raise LeaseLost(self.coin)

    def finish(self, place: Place, *, trouble: str = "") -> None:
        """Store where the next look begins and give the lease back; the last step of a tick. Raises LeaseLost."""
        now = clock.now()
        changes: dict[str, object] = {
            "leased_by": "",
            "leased_until": None,
            "last_ok_at": now,
            "last_error": trouble[:300],
        }
        if trouble:
            changes["last_error_at"] = now
        if place == self.place:
            self._give_back(changes)
            return
        with atomic():
            self._give_back({**changes, "cursor": place.cursor, "height": place.height})
            _keep(self.coin, place.cursor)
        _remembered[self.coin] = place

    def fail(self, trouble: str) -> None:
        """Give the lease back without having got anywhere. Raises LeaseLost."""
        self._give_back(
            {"leased_by": "", "leased_until": None, "last_error": trouble[:300], "last_error_at": clock.now()}
        )

    def older_cursors(self) -> list[str]:
        """Return earlier cursors, newest first, in growing steps back: any of them lists all that the newest would, and more."""
        kept = list(Cursor.objects.filter(coin=self.coin).values_list("block_hash", flat=True)[:KEPT_CURSORS])
        others = [block_hash for block_hash in kept if block_hash != self.place.cursor]
        steps = [2**power - 1 for power in range(10) if 2**power - 1 < len(others)]
        chosen = [others[step] for step in steps]
        return [*chosen, others[-1]] if others and chosen[-1] != others[-1] else chosen

    def _own(self) -> QuerySet[Watcher, Watcher]:
        return Watcher.objects.filter(pk=self.coin, leased_by=self.token)

    def _give_back(self, changes: dict[str, object]) -> None:
        if not guarded_update(self._own(), **changes):
            raise LeaseLost(self.coin)


def claim(coin: str, now: datetime) -> Lease | None:
    """Return the lease of `coin`, None where another holder has it. One query as long as nobody else moved the cursor."""
    token = f"{_host()}:{os.getpid()}:{secrets.token_hex(8)}"
    taken = {"leased_by": token, "leased_until": now + _duration()}
    # A lease that lasts longer than any was taken while the clock was wrong.
    free = Q(leased_until=None) | Q(leased_until__lt=now) | Q(leased_until__gt=now + 2 * _duration())
    known = _remembered.get(coin)
    if known is not None:
        row = Watcher.objects.filter(free, pk=coin, cursor=known.cursor, height=known.height)
        if guarded_update(row, **taken):
            return Lease(coin, token, known)
    watcher, _ = Watcher.objects.get_or_create(pk=coin)
    place = Place(watcher.cursor, watcher.height)
    same = Watcher.objects.filter(pk=coin, cursor=place.cursor, height=place.height)
    claimable = same.filter(leased_by=watcher.leased_by) if _is_orphaned(watcher.leased_by) else same.filter(free)
    if not guarded_update(claimable, **taken):
        return None
    _remembered[coin] = place
    return Lease(coin, token, place)


def forget() -> None:
    """Forget where this process left off."""
    _remembered.clear()


def _duration() -> timedelta:
    return timedelta(seconds=max(30, 3 * settings.BITCOIN_RPC_TIMEOUT))


def _keep(coin: str, block_hash: str) -> None:
    Cursor.objects.update_or_create(coin=coin, block_hash=block_hash, defaults={"created_at": clock.now()})
    newest = Cursor.objects.filter(coin=coin).values_list("pk", flat=True)
    surplus = list(newest[KEPT_CURSORS : KEPT_CURSORS + 100])
    if surplus:
        Cursor.objects.filter(pk__in=surplus).delete()


@cache
def _host() -> str:
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:12]


def _is_orphaned(token: str) -> bool:
    """Return whether the holder was a process of this machine that is no more: nobody has to wait for a dead one's lease to end."""
    host, _, rest = token.partition(":")
    pid = rest.partition(":")[0]
    if host != _host() or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
