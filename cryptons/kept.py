"""What was made and may be needed again, in the memory of this process: the least used goes first where it grows too large."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from cryptons import clock, freshness
from cryptons.freshness import Making, Seen, State

_Key = TypeVar("_Key", bound=str | UUID)
_Thing = TypeVar("_Thing")
_OVERHEAD = 1_000
"""About how many bytes an entry costs besides its body: key, headers, marks."""


@dataclass(frozen=True, slots=True)
class Entry(Generic[_Thing]):
    """Something kept, what it was made of, and how many bytes it takes."""

    thing: _Thing
    seen: Seen
    size: int


class Shelf(Generic[_Thing]):
    """Keeps things by key in at most `most` bytes. For any number of threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: OrderedDict[str, Entry[_Thing]] = OrderedDict()
        self._lock = threading.Lock()
        self.size = 0

    def __len__(self) -> int:
        return len(self._entries)

    def has(self, key: str) -> bool:
        """Return whether anything is kept under `key`, good or not."""
        return key in self._entries

    def get(self, key: str, state: State, now: float) -> Entry[_Thing] | None:
        """Return what is kept under `key` where it is good as everything stands in `state`."""
        entry = self._entries.get(key)
        if entry is None or not entry.seen.is_good(state, now):
            return None
        try:
            self._entries.move_to_end(key)
        except KeyError:
            return entry  # another thread has just taken it away; what we hold is good
        return entry

    def put(self, key: str, thing: _Thing, seen: Seen, length: int) -> None:
        """Keep `thing`, whose body has `length` bytes, in the place of what was there. What would take more than an eighth is not kept."""
        size = length + len(key) + _OVERHEAD
        if size * 8 > self._most:
            return
        with self._lock:
            old = self._entries.pop(key, None)
            self._entries[key] = Entry(thing, seen, size)
            self.size += size - (old.size if old else 0)
            while self.size > self._most:
                self.size -= self._entries.popitem(last=False)[1].size

    def clear(self) -> None:
        """Keep nothing any more."""
        with self._lock:
            self._entries.clear()
            self.size = 0


class Memory(Generic[_Key, _Thing]):
    """What was read from the database, by key, remembered by this process in `most` bytes while nothing of it changes.

    It is believed for `longest` seconds at most, as somebody may write to the database past this program. `size` tells how many bytes a
    thing takes, `topics` of what it is made besides the catalogue (`cryptons.freshness`). Nothing is remembered within a transaction,
    and nothing that was remembered is used there.
    """

    def __init__(
        self,
        most: int,
        *,
        longest: float,
        size: Callable[[_Thing], int],
        topics: Callable[[_Key, _Thing], Collection[int]] = lambda _key, _thing: (),
    ) -> None:
        self._shelf: Shelf[_Thing] = Shelf(most)
        self._longest, self._size, self._topics = longest, size, topics

    def ask(
        self,
        keys: Collection[_Key],
        read: Callable[[list[_Key]], dict[_Key, _Thing]],
        *,
        anew: bool = False,
        will_do: Callable[[_Key, _Thing], bool] = lambda _key, _thing: True,
    ) -> dict[_Key, _Thing]:
        """Return the things with these keys, as far as there are any; `read` is asked, once, for all that are not remembered.

        What is remembered and will not do is read as well, and `anew` everything is.
        """
        state, now = freshness.lasting_state(), clock.now().timestamp()
        found: dict[_Key, _Thing] = {}
        for key in keys if state and not anew else ():
            entry = self._shelf.get(str(key), state, now)
            if entry is not None and will_do(key, entry.thing):
                found[key] = entry.thing
        missing = [key for key in keys if key not in found]
        return found | self._keep(read(missing), Making(state, now)) if missing else found

    def _keep(self, things: dict[_Key, _Thing], made: Making) -> dict[_Key, _Thing]:
        for key, thing in things.items() if made.state else ():
            seen = made.seen(self._longest, self._topics(key, thing))
            self._shelf.put(str(key), thing, seen, self._size(thing))
        return things
