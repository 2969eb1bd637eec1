"""A hub whose looks a test makes itself, and listeners that remember what they were sent."""

import asyncio
from uuid import uuid4

import pytest

from cryptons.streams.answer import Event, Story, Subscription
from cryptons.streams.hub import Hub, Rhythm

QUICK = Rhythm(look=0.005, comment=3600, recheck=3600)


class Notebook:
    """A feed of one's own: `write` adds an event to a thing's story."""

    def __init__(self):
        self.stories = {}
        self.questions = 0
        self.error = None
        self.late, self.untellable = set(), set()

    def write(self, key, *texts):
        events = self.stories.setdefault(key, [])
        for text in texts:
            events.append(Event(len(events) + 1, "order", text.encode()))

    def written(self):
        self.questions += 1
        if self.error:
            raise self.error
        return set(self.stories) - self.late

    def marks(self, keys):
        return {key: len(self.stories[key]) for key in keys if key in self.stories}

    def story(self, key):
        if key in self.untellable:
            raise ValueError(key)
        return Story(len(self.stories[key]), list(self.stories[key]))


class Ear:
    """Somebody who listens."""

    def __init__(self, hub, feed, key, *, who="somebody", allowed=lambda: True, gone=False):
        self.heard, self.ended, self.gone = [], False, gone
        story = feed.story(key)
        subscription = Subscription(feed, key, story.mark, story.events[-1], who, allowed)
        self.hub = hub
        self.listener = hub.add(subscription, send=self._hear, end=self._end)

    async def _hear(self, data):
        self.heard.append(data.decode())
        return not self.gone

    def _end(self):
        self.ended = True
        self.hub.remove(self.listener)


async def until(true):
    """Let the loop go on until something is true; a test that waits for ever is stopped."""
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.002)


@pytest.fixture
def feed():
    return Notebook()


@pytest.fixture
def key(feed):
    key = uuid4()
    feed.write(key, "placed")
    return key


@pytest.fixture
def run():
    """Run a test's coroutine with a hub: `run(test, rhythm=…, most=…, most_each=…)`."""

    def start(test, *, rhythm=QUICK, most=10, most_each=10):
        async def main():
            hub = Hub(rhythm, most=most, most_each=most_each)
            try:
                await test(hub)
            finally:
                hub.close()

        asyncio.run(main())

    return start
