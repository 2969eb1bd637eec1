"""What a process remembers as long as it is looked at, in no more than so many bytes."""

import sys
import threading
from collections.abc import Hashable
from dataclasses import fields, is_dataclass
from typing import Generic, TypeVar

_Thing = TypeVar("_Thing")
_PLACE = 200
"""About how many bytes a place in a dict takes besides what is in it."""


class Generations(Generic[_Thing]):
    """Remembers things by key in at most `most` bytes, keys included. For any number of threads.

    There are two generations. When the young one is full it becomes the old one, and the old one is forgotten; what is looked at in the
    old one is young again. So what nobody looks at goes, and a look is mostly one look into a dict: with keys of many values that is
    what costs.
    """

    def __init__(self, most: int) -> None:
        self._half = most // 2
        self._lock = threading.Lock()
        self._young: dict[Hashable, _Thing] = {}
        self._old: dict[Hashable, _Thing] = {}
        self._young_size = self._old_size = 0

    @property
    def size(self) -> int:
        """Return how many bytes are taken."""
        return self._young_size + self._old_size

    def get(self, key: Hashable) -> _Thing | None:
        """Return what is remembered under `key`. Raises TypeError where it is something that may change, such as a list."""
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is not None:
                self.put(key, found)
        return found

    def put(self, key: Hashable, thing: _Thing) -> None:
        """Remember `thing`. What would take more than an eighth of all is not remembered."""
        size = weight(key) + weight(thing) + _PLACE
        if size * 4 > self._half:
            return
        with self._lock:
            if key in self._young:
                return
            if self._young_size + size > self._half:
                self._old, self._old_size = self._young, self._young_size
                self._young, self._young_size = {}, 0
            self._young[key] = thing
            self._young_size += size

    def clear(self) -> None:
        """Remember nothing any more."""
        with self._lock:
            self._young, self._old = {}, {}
            self._young_size = self._old_size = 0


def weight(thing: object) -> int:
    """Return about how many bytes `thing` takes, with all that it holds; what it holds twice counts twice."""
    size = sys.getsizeof(thing)
    if isinstance(thing, tuple | list):
        return size + sum(map(weight, thing))
    if isinstance(thing, dict):
        return size + sum(map(weight, thing)) + sum(map(weight, thing.values()))
    if is_dataclass(thing):
        return size + sum(weight(getattr(thing, field.name)) for field in fields(thing))
    return size
