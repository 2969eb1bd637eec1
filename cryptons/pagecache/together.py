"""What all requests that wait at the same moment have to ask of Redis, asked in one trip: the marks once, and each sender counted.

What is kept may be used by the marks as they stood after its request came. So a trip answers only those that came before it began; who
comes while one is under way waits for the next. A trip costs the same for one request and for fifty.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from redis.exceptions import RedisError

from cryptons.api.limits import State as Count
from cryptons.api.limits import Window
from cryptons.counting import CountingRedis, counted_by, counting
from cryptons.freshness import State
from cryptons.freshness.board import LOOK, whole
from cryptons.redis_line import Command, LoopLine

log = structlog.get_logger(__name__)

PAUSE = 1.0
"""For how many seconds Redis is left alone after it did not answer."""


@dataclass(frozen=True, slots=True)
class Found:
    """How everything stands, and the count of who asked; neither (no marks, None) while Redis is away."""

    state: State
    count: Count | None


_AWAY = Found(State(b""), None)
_Asked = tuple[Window | None, asyncio.Future[Found]]


class Together:
    """Asks for one event loop. Nothing of it may be called from elsewhere."""

    def __init__(self, url: str) -> None:
        self._line = LoopLine(url)
        self._waiting: list[_Asked] = []
        self._under_way: asyncio.Task[None] | None = None
        self._away_until = 0.0

    async def find(self, window: Window | None) -> Found:
        """Return the marks as they stand after this call, and where it leaves `window` to be counted once, if there is one."""
        if self._away_until and time.monotonic() < self._away_until:
            return _AWAY
        found: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
        self._waiting.append((window, found))
        if self._under_way is None:
            self._under_way = asyncio.create_task(self._go())
        return await found

    async def _go(self) -> None:
        """Make trips until nobody waits. It begins when the loop has heard all who came at the same moment."""
        try:
            while self._waiting:
                crowd, self._waiting = self._waiting, []
                await self._answer(crowd)
        finally:
            self._under_way = None

    async def _answer(self, crowd: list[_Asked]) -> None:
        try:
            told = await self._told([window for window, _ in crowd])
        except Exception as error:  # raised where it was asked for; whoever comes next has to be answered
            for _, found in crowd:
                if not found.done():
                    found.set_exception(error)
            return
        for (_, found), answer in zip(crowd, told, strict=True):
            if not found.done():  # its sender may have left
                found.set_result(answer)

    async def _told(self, windows: Sequence[Window | None]) -> Sequence[Found]:
        try:
            return await self._trip(windows)
        except (RedisError, OSError) as error:
            log.warning("pagecache.redis_unavailable", error=repr(error))
            self._away_until = time.monotonic() + PAUSE
            return [_AWAY] * len(windows)

    async def _trip(self, windows: Sequence[Window | None]) -> Sequence[Found]:
        times = Counter(window for window in windows if window is not None)
        marks, *counted = await self._line.ask([LOOK, *_counts(times)])
        state, self._away_until = State(whole(marks)), 0.0
        counts = {window: _each(window, times[window], answer) for window, answer in zip(times, counted, strict=True)}
        return [Found(state, counts[window].popleft() if window else None) for window in windows]


def _counts(times: Counter[Window]) -> list[Command]:
    redis = counting()
    if not isinstance(redis, CountingRedis):
        raise TypeError("limits are counted in another cache than the marks stand in")
    return [redis.command(window.key, window.seconds, number) for window, number in times.items()]


def _each(window: Window, number: int, answer: object) -> deque[Count]:
    """Return where each of `number` requests that were counted at once leaves their sender, as if one after the other."""
    used, left = counted_by(answer)
    return deque(window.state(one, left) for one in range(used - number + 1, used + 1))
