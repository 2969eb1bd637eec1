"""What was made and may be needed again, in the memory of this process: the least used goes first where it grows too large."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Generic, TypeVar

from cryptons.freshness import Seen, State

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
