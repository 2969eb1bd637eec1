"""The sandbox's memory on disk: one SQLite file, written through and committed before each answer."""

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS blocks (seq INTEGER PRIMARY KEY, hash TEXT UNIQUE, raw BLOB, invalid INTEGER);
CREATE TABLE IF NOT EXISTS mempool (txid TEXT PRIMARY KEY, raw BLOB, data TEXT);
CREATE TABLE IF NOT EXISTS wallets (name TEXT PRIMARY KEY, data TEXT);
CREATE TABLE IF NOT EXISTS labels (wallet TEXT, address TEXT, data TEXT, PRIMARY KEY (wallet, address));
CREATE TABLE IF NOT EXISTS wallet_txs (
    seq INTEGER PRIMARY KEY, wallet TEXT, txid TEXT, raw BLOB, data TEXT, UNIQUE (wallet, txid));
"""


class StateError(Exception):
    """The directory for the state cannot be used; the message says why."""


class Store:
    """A journal of everything that must survive a kill; `directory` None keeps it in memory."""

    def __init__(self, directory: Path | None) -> None:
        self._lock_file: int | None = None
        try:
            if directory is not None:
                directory.mkdir(parents=True, exist_ok=True)
                self._lock(directory)
            self._db = _connect(directory)
        except (OSError, sqlite3.Error) as error:
            raise StateError(f"its state cannot be kept in {directory} ({error})") from error

    def write(self, statement: str, *values: Any) -> None:
        """Run one INSERT, UPDATE or DELETE; it lasts from the next `commit` on."""
        if not self._db.in_transaction:
            self._db.execute("BEGIN")
        self._db.execute(statement, values)

    def read(self, statement: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """Run one SELECT and give its rows."""
        return iter(self._db.execute(statement, values).fetchall())

    def commit(self) -> None:
        """Make everything written so far last."""
        if self._db.in_transaction:
            self._db.execute("COMMIT")

    def close(self) -> None:
        """Forget what was not committed and let go of the directory."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
        self._db.close()
        if self._lock_file is not None:
            os.close(self._lock_file)
            self._lock_file = None

    def _lock(self, directory: Path) -> None:
        handle = os.open(directory / "lock", os.O_CREAT | os.O_RDWR)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            raise StateError(f"another sandbox is using {directory}") from error
        self._lock_file = handle


def _connect(directory: Path | None) -> sqlite3.Connection:
    path = ":memory:" if directory is None else str(directory / "node.sqlite3")
    db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.executescript(SCHEMA)
    return db


def pack(data: dict[str, Any]) -> str:
    """JSON for the `data` columns."""
    return json.dumps(data, separators=(",", ":"))


def unpack(text: str) -> dict[str, Any]:
    """Give what `pack` made."""
    return dict(json.loads(text))
