"""What the hub asks of the database, in a thread of its own."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import DatabaseError, close_old_connections

from cryptons.errors import NotFound
from cryptons.streams.answer import Feed, Story

log = structlog.get_logger(__name__)

Topic = tuple[Feed, UUID]
Marks = dict[Topic, Hashable]

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Found:
    """What a look showed: the stories that may have grown (None for what is gone), and who still may listen, in the order asked."""

    stories: Mapping[Topic, Story | None]
    allowed: list[bool]


def look(known: Marks, may: Sequence[Callable[[], bool]], *, thorough: bool) -> Found:
    """Return the story of everything whose mark is not the `known` one, and the answers of `may`. Raises DatabaseError.

    Only what was written a moment ago is looked at; `thorough` looks at everything, so that nothing is missed that became visible late.
    """
    close_old_connections()
    try:
        topics = set(known) if thorough else _written(known)
        present = _present(topics)
        stories = {topic: _story(topic, present) for topic in topics if present.get(topic) != known[topic]}
        return Found(stories, [_answer(ask) for ask in may])
    finally:
        close_old_connections()


def _written(known: Marks) -> set[Topic]:
    written = {(feed, key) for feed in {feed for feed, _ in known} for key in feed.written()}
    return {topic for topic, mark in known.items() if topic in written or mark is None}


def _present(topics: Collection[Topic]) -> Marks:
    keys: dict[Feed, list[UUID]] = defaultdict(list)
    for feed, key in topics:
        keys[feed].append(key)
    found: Marks = {}
    for feed, wanted in keys.items():
        for start in range(0, len(wanted), _AT_ONCE):
            marks = feed.marks(wanted[start : start + _AT_ONCE])
            found |= {(feed, key): mark for key, mark in marks.items()}
    return found


def _story(topic: Topic, present: Marks) -> Story | None:
    feed, key = topic
    try:
        return feed.story(key) if topic in present else None
    except NotFound:
        return None  # deleted a moment ago
    except DatabaseError:
        raise
    except Exception:
        # One story that cannot be told ends its own lines, not everybody's.
        log.exception("events.story_failed", key=str(key))
        return None


def _answer(may: Callable[[], bool]) -> bool:
    try:
        return may()
    except DatabaseError:
        raise
    except Exception:
        log.exception("events.recheck_failed")
        return False
