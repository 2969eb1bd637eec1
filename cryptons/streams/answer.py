"""An answer that goes on: what has happened so far, and what to listen to from then on.

A view returns an `EventAnswer` as it would any other answer, after it has made sure of who asks. The store's own server
(`cryptons.serving`) then keeps the line open. Any other server sends what there is and ends; the client comes back by itself after
`retry`, with the id it saw last, and has missed nothing.
"""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.http import HttpResponse

TYPE = "text/event-stream"
COMMENT = b": nothing new\n\n"
_OPENING = b"retry: 3000\n\n"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `id` grows, `data` is one line."""

    id: int
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Story:
    """All that happened to one thing, the oldest first; the last event says how it stands. `mark` changes whenever it may have grown."""

    mark: Hashable
    events: Sequence[Event]


class Feed(Protocol):
    """Where events come from. It is asked in a thread and may use the database."""

    def written(self) -> Collection[UUID]:
        """Return what was written a moment ago, whoever listens to it: a question that costs next to nothing."""

    def marks(self, keys: Collection[UUID]) -> Mapping[UUID, Hashable]:
        """Return the mark of each of these that exists."""

    def story(self, key: UUID) -> Story:
        """Return what happened to one of them."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """What somebody listens to. `mark` and `last` are what they know; `who` they are counted as; `allowed` asks whether they still may."""

    feed: Feed
    key: UUID
    mark: Hashable
    last: Event | None
    who: str
    allowed: Callable[[], bool]


class EventAnswer(HttpResponse):
    """The events in `unseen`, and what follows them."""

    def __init__(self, unseen: Sequence[Event], subscription: Subscription) -> None:
        content = _OPENING + (b"".join(frame(event) for event in unseen) or COMMENT)
        # nginx would hold the line back until it had a page full.
        super().__init__(content, content_type=TYPE, headers={"X-Accel-Buffering": "no"})
        self.subscription = subscription


def frame(event: Event) -> bytes:
    """Return the event as it goes over the line (WHATWG HTML, 9.2)."""
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (event.id, event.name.encode(), event.data)


def unseen(story: Story, last_id: str) -> Sequence[Event]:
    """Return what somebody has to be told who saw `last_id` (as the client sent it): all since then, or how things stand.

    Whoever says nothing that this story can have said before is told how things stand.
    """
    known = int(last_id) if last_id.isascii() and last_id.isdigit() and len(last_id) < 20 else 0
    newest = story.events[-1:]
    if not known or not newest or known > newest[0].id:
        return newest
    return [event for event in story.events if event.id > known]
