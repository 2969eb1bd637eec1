"""The board of marks that every process of a store reads: 2,048 places of eight bytes each, in a mapped file or in Redis.

A mark is never counted up, it is replaced by eight random bytes. So writers need no lock: of two at once either may stand, both differ
from what stood before, and a board that was lost and begun anew matches nothing that was seen on the old one.

Behind the marks there is a second sheet of as many places, where whoever has told a change puts its name (eight bytes). A change finds
its name there as long as no other took the place, so it may look untold though it was told, and never the other way round.
"""

import mmap
import os
import secrets
import time
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Protocol, cast

import structlog
from redis.exceptions import RedisError

from cryptons.redis_line import Command, RedisLine

log = structlog.get_logger(__name__)

MARK = 8
MARKS = 2048
SIZE = MARK * MARKS
BEGUN = 0
"""Where the mark stands that a new board is given first; all others are zero until something happens to them."""


def _place_of(change: bytes) -> int:
    """Return the place of a change's name on the second sheet."""
    return int.from_bytes(change) % MARKS * MARK


def _found(changes: Iterable[bytes], sheet: bytes) -> set[bytes]:
    return {one for one in changes if sheet[(place := _place_of(one)) : place + MARK] == one}


class Board(Protocol):
    """Where the marks stand."""

    def read(self) -> bytes:
        """Return all marks, nothing (no bytes) while they cannot be read."""

    def renew(self, places: Iterable[int]) -> None:
        """Put another mark at each of `places` (offsets in bytes). Raises OSError or RedisError where that fails."""

    def note_told(self, change: bytes) -> None:
        """Note that the change of this name (eight bytes) was told. Raises OSError or RedisError."""

    def told(self, changes: Collection[bytes]) -> set[bytes]:
        """Return which of these changes are known to be told. Raises OSError or RedisError."""


class FileBoard:
    """A file that all processes of one machine map into their memory: reading costs no system call."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._map: mmap.mmap | None = None

    def read(self) -> bytes:
        """Return all marks."""
        return (self._map or self._open())[:SIZE]

    def renew(self, places: Iterable[int]) -> None:
        """Put another mark at each of `places`."""
        mapped = self._map or self._open()
        for place in places:
            mapped[place : place + MARK] = secrets.token_bytes(MARK)

    def note_told(self, change: bytes) -> None:
        """Note that the change of this name was told."""
        place = SIZE + _place_of(change)
        (self._map or self._open())[place : place + MARK] = change

    def told(self, changes: Collection[bytes]) -> set[bytes]:
        """Return which of these changes are known to be told."""
        return _found(changes, (self._map or self._open())[SIZE:])

    def _open(self) -> mmap.mmap:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if os.fstat(file).st_size < 2 * SIZE:
                os.ftruncate(file, 2 * SIZE)  # two that begin it at once make it the same
            mapped = mmap.mmap(file, 2 * SIZE)
        finally:
            os.close(file)
        if not any(mapped[BEGUN : BEGUN + MARK]):
            mapped[BEGUN : BEGUN + MARK] = secrets.token_bytes(MARK)
        self._map = mapped
        return mapped


_KEY = "cryptons:marks"
_TOLD = "cryptons:told"
LOOK: Command = ("GET", _KEY)
"""What to ask of Redis for all marks; `whole` reads the answer."""


def whole(found: bytes | None) -> bytes:
    """Return the marks that Redis gave, nothing where it has no whole board."""
    return found if found and len(found) == SIZE and any(found[BEGUN : BEGUN + MARK]) else b""


class RedisBoard:
    """Two strings in Redis, the marks and the sheet of what was told, for a store on several machines.

    While Redis is away nothing is known to be fresh, so nothing that was kept is used; it is asked again every `PAUSE` seconds.
    """

    KEY = _KEY
    PAUSE = 1.0

    def __init__(self, url: str) -> None:
        self._line = RedisLine(url)
        self._away_until = 0.0

    def read(self) -> bytes:
        """Return all marks, nothing while Redis is away."""
        if self._away_until and time.monotonic() < self._away_until:
            return b""
        try:
            board = self._read()
        except RedisError as error:
            log.warning("freshness.board_unavailable", error=repr(error))
            self._away_until = time.monotonic() + self.PAUSE
            return b""
        self._away_until = 0.0
        return board

    def renew(self, places: Iterable[int]) -> None:
        """Put another mark at each of `places`. Raises RedisError."""
        for place in places:
            self._line.ask("SETRANGE", self.KEY, place, secrets.token_bytes(MARK))

    def note_told(self, change: bytes) -> None:
        """Note that the change of this name was told. Raises RedisError."""
        self._line.ask("SETRANGE", _TOLD, _place_of(change), change)

    def told(self, changes: Collection[bytes]) -> set[bytes]:
        """Return which of these changes are known to be told. Raises RedisError."""
        return _found(changes, cast("bytes | None", self._line.ask("GET", _TOLD)) or b"")

    def _read(self) -> bytes:
        found = whole(self._get())
        if not found:
            self.renew([BEGUN, SIZE - MARK])  # the last place makes it whole
            found = whole(self._get())
        return found

    def _get(self) -> bytes | None:
        return cast("bytes | None", self._line.ask(*LOOK))
