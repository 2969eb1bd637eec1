"""How a view answers with events, once it has made sure of who asks."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest

from cryptons.streams.answer import EventAnswer, Feed, Subscription, unseen
from cryptons.streams.hub import hub


def follow(request: HttpRequest, *, feed: Feed, key: UUID, who: str, allowed: Callable[[], bool]) -> EventAnswer:
    """Return what happened since the request's `Last-Event-ID`, or how things stand, and all that follows.

    `who` is whom the line is counted for, `allowed` is asked now and then whether they still may listen. Raises NotFound, and
    RateLimited or ServiceUnavailable where no line is free.
    """
    hub().require_room(who)
    story = feed.story(key)
    last = story.events[-1] if story.events else None
    subscription = Subscription(feed, key, story.mark, last, who, allowed)
    return EventAnswer(unseen(story, request.headers.get("Last-Event-ID", "")), subscription)
