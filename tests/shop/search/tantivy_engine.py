"""The embedded engine, for the tests of the contract."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shop.search.embedded import EmbeddedEngine


@contextmanager
def fresh_engine(folder: Path) -> Iterator[EmbeddedEngine]:
    yield EmbeddedEngine(folder / "search")
