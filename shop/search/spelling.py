"""Texts that are not what their rows spell, because something wrote past `save`: finding them, and writing them anew."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Case, CharField, F, QuerySet, Value, When

from cryptons.db import atomic
from shop.search.text import Spelled
from shop.version import catalogue_changed

BATCH = 500
"""Rows that are read, and written in one transaction, at once."""
_TOGETHER = 100
"""Rows that are written by one statement. With more of them the database spends longer on telling which text is whose."""


def misspelled() -> dict[type[Spelled], list[UUID]]:
    """Return the keys of the rows whose text is not what they spell, of each kind of row. Reads every row."""
    wrong = {model: _wrong(model._default_manager.all(), model.spelled_from, _spelled) for model in _models()}
    return {model: [row.pk for rows in batches for row in rows] for model, batches in wrong.items()}


def spell_anew() -> int:
    """Write those texts anew and return how many were written; safe to stop, to repeat, and while the store runs."""
    written = sum(write_anew(model._default_manager.all(), model.spelled_from, _spelled) for model in _models())
    if written:
        catalogue_changed()
    return written


def write_anew(rows: "QuerySet[Any]", columns: Collection[str], spelled: Callable[[Any], str]) -> int:
    """Write `spelled(row)` where that is not the text of one of `rows`; return how many were written. It is made of `columns` alone.

    Rows of a migration's models may be given. Each is written only as it was read: who renames it meanwhile writes its text as well,
    and it does not count.
    """
    everything, written = rows.model._default_manager.all(), 0
    for wrong in _wrong(rows, columns, spelled):
        with atomic():
            for start in range(0, len(wrong), _TOGETHER):
                written += _write(everything, wrong[start : start + _TOGETHER], columns, spelled)
    return written


def _models() -> list[type[Spelled]]:
    return [model for model in apps.get_models() if issubclass(model, Spelled)]


def _write(rows: "QuerySet[Any]", wrong: Sequence[Any], columns: Collection[str], spelled: Callable[[Any], str]) -> int:
    """Write the texts of those that still are as they were read, in one statement; return how many got another text."""
    texts = [When(**{one: getattr(row, one) for one in columns}, then=Value(spelled(row))) for row in wrong]
    changed = Case(*texts, default=F("search_text"), output_field=CharField())
    return rows.filter(pk__in=[row.pk for row in wrong]).exclude(search_text=changed).update(search_text=changed)


def _spelled(row: Spelled) -> str:
    return row.spelled()


def _wrong(rows: "QuerySet[Any]", columns: Collection[str], spelled: Callable[[Any], str]) -> Iterator[list[Any]]:
    """Yield the rows whose text is another, from each `BATCH` of rows by key."""
    rows = rows.order_by("pk").only("search_text", *columns)
    found = list(rows[:BATCH])
    while found:
        yield [row for row in found if row.search_text != spelled(row)]
        found = list(rows.filter(pk__gt=found[-1].pk)[:BATCH])
