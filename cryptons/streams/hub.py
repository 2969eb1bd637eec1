"""Sends events to everybody who listens in this process.

There is no thread and no query for a listener. While anybody listens, one thread asks three times a second what was written a moment
ago, and reads anew what of it is listened to (`cryptons.streams.looking`); the loop only sends.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import islice

import structlog
from django.conf import settings

from cryptons.errors import RateLimited, ServiceUnavailable
from cryptons.streams.answer import COMMENT, Event, Story, Subscription, frame
from cryptons.streams.looking import Marks, Topic, look

log = structlog.get_logger(__name__)

_RETRY = 30
_RECHECKS = 20
"""In one look, so that many of them make no event late."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds between looks for what is new, between thorough ones, between comments, and between asking whether somebody still may listen.

    After `longest` seconds or `most_bytes` a line ends, and the client comes back by itself: so nothing of one that does not read piles up.
    """

    look: float = 0.3
    thorough: float = 10.0
    comment: float = 15.0
    recheck: float = 45.0
    longest: float = 3600.0
    most_bytes: int = 262_144


@dataclass(eq=False, slots=True)
class Listener:
    """One open line. `send` returns False where nobody is there any more, `end` closes it."""

    subscription: Subscription
    send: Callable[[bytes], Awaitable[bool]]
    end: Callable[[], object]
    last: Event | None
    recheck_at: float
    ends_at: float
    sent: int = 0
    topic: Topic = field(init=False)

    def __post_init__(self) -> None:
        self.topic = (self.subscription.feed, self.subscription.key)

    def fresh(self, story: Story) -> list[Event]:
        """Return what of the story this listener does not know: its events since, or how it stands where that is something else."""
        last, newest = self.last, story.events[-1:]
        if last is None:
            return list(newest)
        news = [event for event in story.events if event.id > last.id]
        if news and news[0].data == last.data:
            del news[0]
        if not news and newest and newest[0].data != last.data:
            # Two moments that the clock did not tell apart.
            news = [Event(last.id + 1, newest[0].name, newest[0].data)]
        return news


class Hub:
    """The listeners of this process: at most `most`, and `most_each` of anybody."""

    def __init__(self, rhythm: Rhythm, *, most: int, most_each: int) -> None:
        self._rhythm = rhythm
        self._most, self._most_each = most, most_each
        self._topics: dict[Topic, set[Listener]] = {}
        self._marks: Marks = {}
        self._counts: Counter[str] = Counter()
        self._tasks: list[asyncio.Task[None]] = []
        self._reader: ThreadPoolExecutor | None = None
        self._closed = self._blind = False

    def require_room(self, who: str) -> None:
        """Let one more listener of `who` come. Raises RateLimited, ServiceUnavailable. May be called from any thread."""
        if self._counts[who] >= self._most_each:
            message = f"You are listening {self._most_each} times already. Close one of them first."
            raise RateLimited(message, wait=_RETRY)
        if self._closed or self._counts.total() >= self._most:
            raise ServiceUnavailable("The store has no line free at present. Ask for the order now and then instead.")

    def add(
        self, subscription: Subscription, *, send: Callable[[bytes], Awaitable[bool]], end: Callable[[], object]
    ) -> Listener | None:
        """Take in somebody who has been told all up to `subscription.last`; None where there is no room."""
        try:
            self.require_room(subscription.who)
        except (RateLimited, ServiceUnavailable):
            return None  # there was room when the view looked; the client comes back
        now = asyncio.get_running_loop().time()
        # The first look at whoever came in a crowd is not at all of them at once.
        recheck = now + self._rhythm.recheck * random.uniform(0.5, 1)  # noqa: S311 (nobody gains by guessing it)
        listener = Listener(subscription, send, end, subscription.last, recheck, now + self._rhythm.longest)
        others = self._topics.setdefault(listener.topic, set())
        known = self._marks.get(listener.topic, subscription.mark)
        self._marks[listener.topic] = subscription.mark if known == subscription.mark else None
        others.add(listener)
        self._counts[subscription.who] += 1
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._watch()), asyncio.create_task(self._comment())]
        return listener

    def remove(self, listener: Listener) -> None:
        """Forget a listener whose line is over."""
        listeners = self._topics.get(listener.topic, set())
        if listener not in listeners:
            return
        listeners.remove(listener)
        self._counts[listener.subscription.who] -= 1
        if not self._counts[listener.subscription.who]:
            del self._counts[listener.subscription.who]
        if not listeners:
            del self._topics[listener.topic]
            del self._marks[listener.topic]

    def close(self) -> None:
        """End all lines and take no more."""
        self._closed = True
        for listener in self._all():
            listener.end()
        for task in self._tasks:
            task.cancel()
        if self._reader is not None:
            self._reader.shutdown(wait=False, cancel_futures=True)

    def _all(self) -> list[Listener]:
        return [listener for listeners in self._topics.values() for listener in listeners]

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        self._reader = self._reader or ThreadPoolExecutor(1, "events")
        thorough_at = 0.0
        while not self._closed:
            await asyncio.sleep(self._rhythm.look)
            now = loop.time()
            self._end_old(now)
            due = list(islice((one for one in self._all() if one.recheck_at <= now), _RECHECKS))
            if not self._topics:
                continue
            may, thorough = [one.subscription.allowed for one in due], self._blind or now >= thorough_at
            asked = partial(look, dict(self._marks), may, thorough=thorough)
            try:
                found = await loop.run_in_executor(self._reader, asked)
            except Exception as error:  # this task is all that listeners hear from, so nothing may end it
                self._notice_blindness(error)
                continue
            self._blind, thorough_at = False, now + self._rhythm.thorough if thorough else thorough_at
            self._end_refused(due, found.allowed, now)
            for topic, story in found.stories.items():
                await self._tell(topic, story)

    def _notice_blindness(self, error: Exception) -> None:
        """Say once that nothing can be read: the database is away, most likely. All lines stay, and catch up when it is back."""
        if not self._blind:
            log.error("events.unreadable", exc_info=error, listeners=self._counts.total())
        self._blind = True

    def _end_old(self, now: float) -> None:
        for listener in self._all():
            if listener.ends_at <= now or listener.sent > self._rhythm.most_bytes:
                listener.end()

    def _end_refused(self, asked: list[Listener], allowed: list[bool], now: float) -> None:
        for listener, may in zip(asked, allowed, strict=True):
            listener.recheck_at = now + self._rhythm.recheck
            if not may:
                listener.end()

    async def _tell(self, topic: Topic, story: Story | None) -> None:
        """Send what is new of one thing to those who listen to it; where it is gone, so are they."""
        listeners = list(self._topics.get(topic, ()))
        if listeners and story is not None:
            self._marks[topic] = story.mark
        for listener in listeners:
            if story is None:
                listener.end()
                continue
            for event in listener.fresh(story):
                await self._send(listener, frame(event))
                listener.last = event

    async def _comment(self) -> None:
        while not self._closed:
            await asyncio.sleep(self._rhythm.comment)
            for listener in self._all():
                await self._send(listener, COMMENT)

    async def _send(self, listener: Listener, data: bytes) -> None:
        listener.sent += len(data)
        if not await listener.send(data):
            listener.end()


@cache
def hub() -> Hub:
    """Return the hub of this process."""
    rhythm = Rhythm(comment=settings.EVENTS_COMMENT_SECONDS, recheck=settings.EVENTS_RECHECK_SECONDS)
    return Hub(rhythm, most=settings.EVENTS_LISTENERS, most_each=settings.EVENTS_PER_CLIENT)
