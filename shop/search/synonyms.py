"""The synonyms file: one group of words a line, separated by commas. Read when a question is asked, so a change needs no new index."""

import os
from functools import lru_cache
from pathlib import Path

import structlog
from django.conf import settings
from django.core.checks import CheckMessage, Error

from shop.search.words import Synonyms, fold

log = structlog.get_logger(__name__)

MOST_WORDS = 4
_LARGEST = 256 * 1024
_NOTHING: Synonyms = {}
_last_good: dict[Path, Synonyms] = {}


class SynonymsError(ValueError):
    """The file cannot be read or a line makes no sense; the message names file and line and says what is expected."""


def synonyms() -> Synonyms:
    """Return the synonyms of this store, as the file is now. While it is faulty those read before stay (none at the first time)."""
    path: Path = settings.SEARCH_SYNONYMS
    try:
        stamp = os.stat(path)
        found = _read_once(path, stamp.st_mtime_ns, stamp.st_size)
    except (OSError, SynonymsError) as error:
        return _kept(path, str(error))
    _last_good[path] = found
    return found


def read(path: Path) -> Synonyms:
    """Return what each folded word, or row of words, means as well. Raises SynonymsError."""
    try:
        if path.stat().st_size > _LARGEST:
            raise SynonymsError(f"{path}: the file is larger than {_LARGEST // 1024} KB.")
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SynonymsError(f"{path}: it cannot be read as text in UTF-8 ({error}).") from error
    found: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for number, line in enumerate(lines, start=1):
        group = _group(line.partition("#")[0], f"{path}, line {number}")
        for words in group:
            others = found.setdefault(words, [])
            others += [other for other in group if other != words and other not in others]
    return found


def check(**_: object) -> list[CheckMessage]:
    """Return what is wrong with the file, for `manage.py check` and every start."""
    try:
        read(settings.SEARCH_SYNONYMS)
    except SynonymsError as error:
        hint = "A line is a group such as: kettle, water boiler. Correct it, or name another file by SEARCH_SYNONYMS."
        return [Error(f"SEARCH_SYNONYMS: {error}", hint=hint, id="shop.E001")]
    return []


def _group(line: str, where: str) -> list[tuple[str, ...]]:
    if not line.strip():
        return []
    group = []
    for entry in line.split(","):
        words = tuple(fold(entry).split())
        if not words:
            raise SynonymsError(f"{where}: there is no word between two commas, or at the end.")
        if len(words) > MOST_WORDS:
            raise SynonymsError(f"{where}: “{entry.strip()}” has more than {MOST_WORDS} words.")
        group.append(words)
    if len(set(group)) < 2:
        raise SynonymsError(f"{where}: a group needs two words or more, separated by commas.")
    return group


@lru_cache(maxsize=8)
def _read_once(path: Path, _time: int, _size: int) -> Synonyms:
    return read(path)


@lru_cache(maxsize=8)
def _kept(path: Path, why: str) -> Synonyms:
    log.warning("search.synonyms_unread", because=why)
    return _last_good.get(path, _NOTHING)
