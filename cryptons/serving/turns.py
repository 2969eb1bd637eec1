"""Many who want the same at the same moment: one goes ahead, the others wait for what comes of it.

Without this a page that has just changed is made once for each who asked for it while it was made, and the more requests wait, the more
of the work is done twice: a busy moment would feed itself.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Turns:
    """Who is ahead, by the name of what they want. For one event loop, from which alone it may be called."""

    def __init__(self) -> None:
        self._over: dict[str, asyncio.Event] = {}

    async def wait(self, name: str, *, longest: float | None = None) -> bool:
        """Wait until whoever is ahead is done, for `longest` seconds at most; return whether there was anybody."""
        over = self._over.get(name)
        if over is None:
            return False
        with suppress(TimeoutError):
            async with asyncio.timeout(longest):
                await over.wait()
        return True

    @contextmanager
    def ahead(self, name: str) -> Iterator[None]:
        """Be ahead of all who come meanwhile. To be entered only where `wait` has just found nobody."""
        over = self._over[name] = asyncio.Event()
        try:
            yield
        finally:
            del self._over[name]
            over.set()
