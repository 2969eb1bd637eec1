"""What answers are made of, kept piece by piece: where one has changed, an answer is made of the new one and of all others as they are."""

from collections.abc import Collection, Iterable
from typing import TypeVar

from django.conf import settings

from cryptons import clock, freshness
from cryptons.freshness import Making, State
from cryptons.kept import Shelf

_Piece = TypeVar("_Piece")


class Pieces(Shelf[_Piece]):
    """Keeps pieces for PAGE_CACHE_SECONDS at most. What is just being made (`cryptons.freshness.making`) is made of each that is found."""

    def find(self, keys: Iterable[str], version: State) -> dict[str, _Piece]:
        """Return those that are kept under `keys` and good as everything stands in `version`, by key."""
        if not settings.PAGE_CACHE_SECONDS:
            return {}
        now = clock.now().timestamp()
        found = {key: entry for key in keys if (entry := self.get(key, version, now)) is not None}
        freshness.made_with(*[entry.seen for entry in found.values()])
        return {key: entry.thing for key, entry in found.items()}

    def keep(self, key: str, piece: _Piece, made: Making, length: int, topics: Collection[int] | None = None) -> None:
        """Keep a piece of `length` bytes that was `made`; `topics` are its own where several were made at once."""
        if settings.PAGE_CACHE_SECONDS and made.state:
            self.put(key, piece, made.seen(settings.PAGE_CACHE_SECONDS, topics), length)
