"""Lists in pages, for every list that people leaf through."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.paginator import Page as DjangoPage
from django.core.paginator import Paginator
from django.db.models import QuerySet

FAR = 1_000
"""So many rows before a page are skipped faster by their keys."""


class Page(DjangoPage[Any]):
    """One page of a list, as `includes/pagination.html` shows it."""

    @property
    def window(self) -> list[int | None]:
        """Return the page numbers worth a link: the ends and those around this one, None where some are left out."""
        last = self.paginator.num_pages
        near = {1, last, *range(self.number - 1, self.number + 2)}
        numbers = sorted(number for number in near if 1 <= number <= last)
        window: list[int | None] = []
        for number in numbers:
            if window and number - (window[-1] or 0) == 2:
                window.append(number - 1)
            elif window and number - (window[-1] or 0) > 2:
                window.append(None)
            window.append(number)
        return window

    @property
    def previous_number(self) -> int | None:
        """Return the number of the page before, None for the first, which has no number in its address."""
        return self.number - 1 if self.number > 2 else None


def page_of(rows: "QuerySet[Any, Any] | Sequence[Any]", *, number: str | None, size: int) -> Page:
    """Return the page that `number` (as sent) names: the first for anything that is no number, the last for one too high."""
    pages = Paginator[Any](rows, size)
    wanted = min(page_named(number), pages.num_pages)
    start = (wanted - 1) * size
    part = part_of(rows, start, size) if isinstance(rows, QuerySet) else rows[start : start + size]
    return Page(part, wanted, pages)


def part_of(rows: "QuerySet[Any, Any]", start: int, limit: int, *, far: int | None = None) -> "QuerySet[Any, Any]":
    """Return `limit` of the rows from the `start`-th on; from the `far`-th on (FAR) they are found by their keys, asked for at once."""
    if start < (FAR if far is None else far):
        return rows[start : start + limit]
    return rows.filter(pk__in=keys_of(rows, start, limit))


def keys_of(rows: "QuerySet[Any, Any]", start: int, limit: int) -> tuple[UUID, ...]:
    """Return the keys of `limit` of the rows from the `start`-th on, in their order.

    An index that has the order gives them, and those before them, without the rows; a database that is asked for whole rows reads all
    that it skips.
    """
    return tuple(rows.prefetch_related(None).values_list("pk", flat=True)[start : start + limit])


def page_named(number: str | None) -> int:
    """Return which page `number` (as sent) names: the first for anything that is no number."""
    return max(_as_number(number or ""), 1)


def page_made(found: "Sequence[Any]", *, number: int, size: int, total: int) -> Page:
    """Return the `number`-th page of a list of `total` things, of which `found` are those on it."""
    return Page(list(found), number, Paginator[Any](range(total), size))


def _as_number(sent: str) -> int:
    return int(sent[:9]) if sent.isascii() and sent.isdigit() else 1
