"""Whether what was made before is still good: what it was made of, and what has changed since, known in every process at once.

Everything that pages show belongs to a *topic*, a place on a board of marks (`cryptons.freshness.board`). Whoever changes something
calls `changed` with its topics inside the transaction; once that is committed, and before the caller goes on, their marks are
others. Whoever keeps what was made notes the marks first, then reads and makes (`making`), and keeps it with the marks of the topics that
the reading named (`made_of`) and the time until which it is true (`true_until`). It is good as long as those marks stand.

So what is kept was read after its marks, and is never used once a later change is committed and told. A process that dies between
the commit and the telling leaves a row (`Change`), written in the same transaction, and the worker tells it within seconds.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from uuid import UUID
from zlib import crc32

from django.conf import settings
from django.db import transaction

from cryptons import clock
from cryptons.freshness.board import BEGUN, MARK, MARKS, Board, FileBoard, RedisBoard

CATALOGUE = 1 * MARK
"""The topic of everything that the shop shows, except what has a topic of its own."""
RATES = 2 * MARK
"""The topic of the prices of coins."""
_HEAD = 3 * MARK
"""What stands before this concerns everything that is kept; the other places are shared out to topics by name."""
_FOREVER = float("inf")


def topic(kind: str, key: object) -> int:
    """Return the topic of one thing, such as ("reviews", product id). Two may share a place: then each change concerns both."""
    return _HEAD + crc32(f"{kind}:{key}".encode()) % (MARKS // 2 - _HEAD // MARK) * MARK


def busy_topic(kind: str, key: object) -> int:
    """Return the topic of one thing that changes many times a minute, such as ("stock", product id).

    These share places among themselves alone: what shows nothing of them stands however much is sold.
    """
    return (MARKS // 2 + crc32(f"{kind}:{key}".encode()) % (MARKS // 2)) * MARK


NAMES = topic("names", "")
"""The topic of the names that people go by."""


@dataclass(frozen=True, slots=True)
class State:
    """The marks as they stood at a moment; no bytes where they could not be read, and then nothing is known to be fresh."""

    marks: bytes

    def __str__(self) -> str:
        return self.marks[:_HEAD].hex()

    def __bool__(self) -> bool:
        return bool(self.marks)


@dataclass(frozen=True, slots=True)
class Seen:
    """What something was made of: the marks that stood before it was read, and from when until when it may be true (Unix time)."""

    head: bytes
    others: tuple[tuple[int, bytes], ...]
    since: float
    until: float

    def is_good(self, state: State, now: float) -> bool:
        """Return whether nothing it was made of has changed, by the marks as they stand in `state`."""
        marks = state.marks
        if marks[:_HEAD] != self.head or not self.since - 1 <= now < self.until:
            return False
        return not [place for place, mark in self.others if marks[place : place + MARK] != mark]


@dataclass(slots=True)
class Making:
    """Something being made of what stands in `state`."""

    state: State
    since: float
    topics: set[int] = field(default_factory=set)
    until: float = _FOREVER

    def seen(self, longest: float, topics: Collection[int] | None = None) -> Seen:
        """Return what it was made of; it is believed for `longest` seconds at most. `topics` are those of a part of it alone."""
        marks = self.state.marks
        places = sorted(self.topics if topics is None else topics)
        others = tuple((place, marks[place : place + MARK]) for place in places if place >= _HEAD)
        return Seen(marks[:_HEAD], others, self.since, min(self.until, self.since + longest))


_making: ContextVar[Making | None] = ContextVar("making", default=None)


@cache
def board() -> Board:
    """Return the board of this store: in Redis where that is the cache, else a file under VAR_DIR."""
    if settings.CACHE_URL.startswith("redis"):
        return RedisBoard(settings.CACHE_URL)
    return FileBoard(settings.VAR_DIR / "freshness")


def state() -> State:
    """Return how everything stands. Read it before what is to be kept by it. Costs no query."""
    return State(board().read())


def lasting_state() -> State:
    """Return the same for what is read next to be remembered by; no marks within a transaction, so that nothing is remembered then.

    What it has written is not told yet and may never be, and it may not see what was told since it began.
    """
    return State(b"") if transaction.get_connection().in_atomic_block else state()


@contextmanager
def making(before: State) -> Iterator[Making]:
    """Note what is read for something that is to be kept; `before` was read before anything of it.

    What is made while something else is being made is a part of that.
    """
    made = Making(before, clock.now().timestamp())
    token = _making.set(made)
    try:
        yield made
    finally:
        _making.reset(token)
        _made_with(made.topics, made.until)


def made_of(*topics: int) -> None:
    """Say that what is just being made, if anything, shows something of these topics."""
    made = _making.get()
    if made is not None:
        made.topics.update(topics)


def made_with(*pieces: Seen) -> None:
    """Say that what is just being made, if anything, shows `pieces` that were made before of what they say, and are still good."""
    if pieces:
        topics = [place for piece in pieces for place, _mark in piece.others]
        _made_with(topics, min([piece.until for piece in pieces]))


def true_until(moment: datetime) -> None:
    """Say that what is just being made, if anything, may be untrue from `moment` on though nothing changes."""
    made = _making.get()
    if made is not None:
        made.until = min(made.until, moment.timestamp())


def _made_with(topics: Iterable[int], until: float) -> None:
    whole = _making.get()
    if whole is not None:
        whole.topics.update(topics)
        whole.until = min(whole.until, until)


def changed(*topics: int) -> None:
    """Tell every process that something of these topics is another, once the running transaction is committed.

    Call it after the write, in its transaction; outside of one everybody knows at once. A telling that fails is logged, not raised.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        with transaction.atomic():  # what was written already stays, too, and the worker tells of it
            changed(*topics)
        return
    news = _Telling(frozenset(topics))
    if not any(news.is_part_of(getattr(entry[1], "__self__", None)) for entry in reversed(connection.run_on_commit)):
        news = _Telling(news.topics, _written(topics))
    # What was committed stays done, even where the telling fails: that is logged, and the worker tells it again.
    transaction.on_commit(news.tell, robust=True)


def _written(topics: Iterable[int]) -> bytes:
    """Write down a change that is to be told; return its name on the board."""
    from cryptons.models import Change  # noqa: PLC0415 (this is imported before models may be)

    return _name_of(Change.objects.create(topics=",".join(map(str, sorted(topics)))).pk)


def _name_of(key: UUID) -> bytes:
    """Return what a change is called on the board: the random half of its key (RFC 9562, 5.7), so that no two have one name."""
    return key.bytes[-MARK:]


def tell(*topics: int) -> None:
    """Put other marks on the board, now. Raises OSError or RedisError where that fails."""
    board().renew(topics)


def tell_all() -> None:
    """Make everything that was kept anywhere be made anew."""
    board().renew([BEGUN])


def tell_again() -> int:
    """Tell what was committed in the last seconds and not told yet; return how many changes that were.

    That reaches everybody also where a process died right after its commit, or was on another machine without Redis. What was told
    is left alone: everything that was made since would have to be made once more. Raises OSError or RedisError.
    """
    from cryptons.models import Change  # noqa: PLC0415

    rows = list(Change.objects.order_by("id").values_list("id", "topics")[:_AT_ONCE])
    told = board().told([_name_of(key) for key, _topics in rows]) if rows else set()
    untold = [topics for key, topics in rows if _name_of(key) not in told]
    if untold:
        tell(*{int(place) for topics in untold for place in topics.split(",")})
    if rows:
        Change.objects.filter(pk__in=[key for key, _topics in rows]).delete()
    return len(untold)


_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class _Telling:
    """What is to be told after a commit."""

    topics: frozenset[int]
    name: bytes = b""

    def tell(self) -> None:
        """Tell it, and note that it was told, so that the worker need not; without a name another telling has noted it."""
        tell(*self.topics)
        if self.name:
            board().note_told(self.name)

    def is_part_of(self, other: object) -> bool:
        """Return whether what is already to be done after the commit tells all of this."""
        return isinstance(other, _Telling) and self.topics <= other.topics
