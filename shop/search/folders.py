"""The folders of an embedded index: each build has its own, and a small file says which one is in use.

A build that stops anywhere leaves a folder that nobody points to. The name of a folder begins with the version of what is inside, so that
code of another version does not read it.
"""

import os
import re
import shutil
from pathlib import Path

from cryptons.db import uuid7
from shop.search.engine import SearchNotReady

_POINTER = "current"
_NAME = re.compile(r"v[0-9]+-[0-9a-f]{32}")


def folder_in_use(root: Path, version: int) -> Path:
    """Return the folder to read from and write to. Raises SearchNotReady where there is none of this version."""
    try:
        name = (root / _POINTER).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SearchNotReady(f"There is no search index in {root}. Run: manage.py rebuild_search") from error
    if not _NAME.fullmatch(name) or not (root / name).is_dir():
        raise SearchNotReady(f"The search index in {root} is gone. Run: manage.py rebuild_search")
    if not name.startswith(f"v{version}-"):
        raise SearchNotReady(
            f"The search index in {root} was made by another version of the store. Run: manage.py rebuild_search"
        )
    return root / name


def new_folder(root: Path, version: int) -> Path:
    """Make and return an empty folder that is not in use yet. Its name sorts after all older ones."""
    folder = root / f"v{version}-{uuid7().hex}"
    folder.mkdir(parents=True)
    return folder


def use(folder: Path) -> None:
    """Put `folder` in the place of the one in use, at once, and remove those that nobody can be reading any more.

    The one that was in use stays until the next time: somebody may be reading it at this moment.
    """
    root = folder.parent
    before = _pointed(root)
    draft = root / f".{_POINTER}-{folder.name}"
    with draft.open("w", encoding="ascii") as file:
        file.write(folder.name)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(root / _POINTER)
    for other in root.iterdir():
        # What is newer than this one is being built at this moment.
        if _NAME.fullmatch(other.name) and _age(other.name) < _age(folder.name) and other.name != before:
            discard(other)


def discard(folder: Path) -> None:
    """Remove a folder; what cannot be removed now is removed the next time."""
    shutil.rmtree(folder, ignore_errors=True)


def pointer_stamp(root: Path) -> tuple[int, ...]:
    """Return numbers that differ once another folder is in use. Costs one look at the file system."""
    return stamp(root / _POINTER)


def stamp(path: Path) -> tuple[int, ...]:
    """Return numbers that differ once the file was replaced, none where there is no file."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_ino, found.st_size


def _pointed(root: Path) -> str:
    try:
        return (root / _POINTER).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _age(name: str) -> str:
    return name.partition("-")[2]
