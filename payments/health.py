"""Whether money that is sent now would be noticed: read from what the watcher wrote, no node is asked."""

from datetime import datetime, timedelta

from cryptons import clock
from cryptons.kept import Memory
from payments.methods import methods
from payments.models import Watcher

SILENCE = timedelta(seconds=60)
"""The watcher looks every two seconds; a minute without one good look is trouble, not a hiccup."""
_HICCUP = timedelta(seconds=8)
_LONGEST = 1
"""Seconds that a process remembers when the watcher looked last."""
_Looks = tuple[datetime | None, datetime | None]
_LOOKS = Watcher.objects.order_by().values_list("last_ok_at", "last_error_at")
_remembered: Memory[str, _Looks] = Memory(100_000, longest=_LONGEST, size=lambda _: 100)


def can_be_paid() -> bool:
    """Return whether the watcher had a good answer within the last minute, for every coin that is offered."""
    return all(is_watched(coin) for coin in {method.coin for method in methods()})


def last_good_look(coin: str) -> datetime | None:
    """Return when the watcher last had a good answer about `coin`'s network, None for never."""
    return Watcher.objects.filter(pk=coin).values_list("last_ok_at", flat=True).first()


def is_watched(coin: str) -> bool:
    """Return whether that was within the last minute."""
    looked = last_good_look(coin)
    return looked is not None and looked >= clock.now() - SILENCE


def is_blind(coin: str, *, since: datetime) -> bool:
    """Return whether the looks at `coin`'s network fail, or stopped. Where nobody ever looked, `since` is when that began to matter.

    A look that failed is trouble once the last good one is some seconds ago; one that just did not happen, after a minute. Either is
    known a second later at most.
    """
    last_ok, last_error = _last_looks(coin)
    failing = last_error is not None and (last_ok is None or last_error > last_ok)
    return clock.now() - (last_ok or since) > (_HICCUP if failing else SILENCE)


def _last_looks(coin: str) -> _Looks:
    """Return when the watcher had its last good answer, and when it last failed; asked of the database once a second."""
    return _remembered.ask([coin], _read)[coin]


def _read(coins: list[str]) -> dict[str, _Looks]:
    return {coin: next(iter(_LOOKS.filter(pk=coin)), (None, None)) for coin in coins}
