"""Reading the embedded index: each process keeps it open and looks, at each question, whether there is a newer state of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import tantivy

from shop.search.embedded_schema import VERSION
from shop.search.engine import SearchFailed, SearchNotReady
from shop.search.folders import folder_in_use, pointer_stamp, stamp

_META = "meta.json"
"""The file that tantivy replaces with each commit."""
_DAMAGED = ("corrupt", "Failed to open file", "FileDoesNotExist", "InvalidData", "IncompatibleIndex")
_EXHAUSTED = ("os error 24", "os error 23", "os error 12")
"""Too many open files, or no memory: nothing that a new index would cure."""


@dataclass(slots=True)
class _Open:
    folder: Path
    pointed: tuple[int, ...]
    committed: tuple[int, ...]
    index: tantivy.Index
    searcher: tantivy.Searcher


_open: dict[Path, _Open] = {}
_lock = Lock()


def _after_fork() -> None:
    global _lock  # noqa: PLW0603 (another thread may have held it at the fork)
    _lock = Lock()
    _open.clear()


os.register_at_fork(after_in_child=_after_fork)


def newest_searcher(root: Path) -> tantivy.Searcher:
    """Return a view of the index as it was committed last, for this question. Two looks at the file system where nothing changed.

    Raises SearchNotReady.
    """
    known = _open.get(root)
    if known is None or known.pointed != pointer_stamp(root) or known.committed != stamp(known.folder / _META):
        with _lock:
            known = _open[root] = _refreshed(root, _open.get(root))
    return known.searcher


def _refreshed(root: Path, known: _Open | None) -> _Open:
    # Read before what they stand for: whatever changes in between is seen the next time.
    pointed = pointer_stamp(root)
    folder = folder_in_use(root, VERSION)
    committed = stamp(folder / _META)
    if known is None or known.folder != folder:
        index = tantivy.Index.open(str(folder))
        index.config_reader("manual")
    else:
        index = known.index
    index.reload()
    return _Open(folder, pointed, committed, index, index.searcher())


def forget(root: Path) -> None:
    """Open the index anew at the next question."""
    _open.pop(root, None)


@contextmanager
def engine_errors(root: Path) -> Iterator[None]:
    """Turn tantivy's errors, which are ValueError and OSError, into the shop's."""
    try:
        yield
    except (OSError, ValueError) as error:
        forget(root)
        if any(sign in str(error) for sign in _DAMAGED) and not any(sign in str(error) for sign in _EXHAUSTED):
            raise SearchNotReady(
                f"The search index in {root} is damaged ({_brief(error)}). Run: manage.py rebuild_search"
            ) from error
        raise SearchFailed(f"The search index in {root} gave no answer ({_brief(error)}).") from error
    except BaseException as error:
        # A failed assertion in Rust is no Exception, and its class cannot be imported. It ends the question, not the process.
        if type(error).__name__ != "PanicException":
            raise
        forget(root)
        raise SearchFailed(f"The search index in {root} gave no answer ({_brief(error)}).") from error


def _brief(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
