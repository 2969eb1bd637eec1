"""Caches that can count: how often a key was counted since its window opened, in one step that no other can come between."""

import threading
import time
from functools import cache
from typing import Any, Protocol, cast

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

from cryptons.redis_line import Command, RedisLine

_Counts = dict[str, tuple[int, float]]
"""Key to how often it was counted and when its window ends, the one opened first at the front."""

_LOCK = threading.Lock()
_COUNTS: dict[str, _Counts] = {}


class Counting(Protocol):
    """A cache that counts."""

    def count(self, key: str, seconds: int) -> tuple[int, float]:
        """Count one and return how many that makes, and for how many seconds the window stays open."""

    def counted(self, key: str) -> tuple[int, float]:
        """Return how many were counted and for how many seconds the window stays open, (0, 0) where none is."""


_chosen: list[tuple[Any, Counting]] = []


def counting() -> Counting:
    """Return the cache that limits are counted in: one for the process, since Django makes one for each task of a loop."""
    settled = settings.CACHES["limits"]
    for chosen, made in _chosen:
        if chosen is settled:
            return made
    made = cast("Counting", caches["limits"])
    _chosen[:] = [(settled, made)]
    return made


class CountingLocMem(LocMemCache):
    """The embedded cache: exact among the threads of one process. Beyond MAX_ENTRIES the window opened first is given up."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(name, params)
        self._counts = _COUNTS.setdefault(name, {})

    def count(self, key: str, seconds: int) -> tuple[int, float]:
        """Count one and return how many that makes, and for how many seconds the window stays open."""
        now = time.time()
        with _LOCK:
            used, until = self._counts.get(key, (0, 0.0))
            if until <= now:
                used, until = 0, now + seconds
                self._counts.pop(key, None)
                self._make_room()
            self._counts[key] = (used + 1, until)
        return used + 1, until - now

    def counted(self, key: str) -> tuple[int, float]:
        """Return how many were counted and for how many seconds the window stays open, (0, 0) where none is."""
        used, until = self._counts.get(key, (0, 0.0))
        left = until - time.time()
        return (used, left) if left > 0 else (0, 0.0)

    def clear(self) -> None:
        """Forget everything."""
        super().clear()
        with _LOCK:
            self._counts.clear()

    def _make_room(self) -> None:
        while len(self._counts) >= self._max_entries:
            del self._counts[next(iter(self._counts))]


_COUNT = """
local used = redis.call('INCRBY', KEYS[1], ARGV[2])
if used == tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {used, redis.call('PTTL', KEYS[1])}
"""


class CountingRedis(RedisCache):
    """Redis: exact among all processes of all machines, one round trip a count. Raises RedisError where it is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._line = _line(server)

    def count(self, key: str, seconds: int) -> tuple[int, float]:
        """Count one and return how many that makes, and for how many seconds the window stays open."""
        return counted_by(self._line.ask(*self.command(key, seconds)))

    def command(self, key: str, seconds: int, times: int = 1) -> Command:
        """Return what to ask of Redis to count so many; `counted_by` reads the answer."""
        return ("EVAL", _COUNT, 1, self.make_and_validate_key(key), seconds * 1000, times)

    def counted(self, key: str) -> tuple[int, float]:
        """Return how many were counted and for how many seconds the window stays open, (0, 0) where none is."""
        name = self.make_and_validate_key(key)
        with self._cache.get_client(name).pipeline(transaction=True) as steps:
            steps.get(name)
            steps.pttl(name)
            used, left = steps.execute()
        return int(used or 0), max(left, 0) / 1000


def counted_by(answer: Any) -> tuple[int, float]:
    """Return how many that makes, and for how many seconds the window stays open, from what Redis answered to a `command`."""
    used, left = answer
    return int(used), left / 1000


@cache
def _line(url: str) -> RedisLine:
    return RedisLine(url)
