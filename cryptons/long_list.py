"""The admin's lists of tables that only ever grow."""

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from cryptons.pages import part_of

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object


STEP = 50_000
"""So many rows of a whole table are counted at once: nobody waits for them, however many there are."""


class KeysFirst(Paginator["Model"]):
    """Pages that are found by their keys, from the `far`-th row on, or where `part_of` thinks so. `whole`: of all rows of the table."""

    far: int | None = None
    whole = False

    @cached_property
    def count(self) -> int:
        """Return how many rows there are."""
        return _counted(cast("QuerySet[Any]", self.object_list)) if self.whole else super().count

    def page(self, number: int | str) -> "Page[Model]":
        """Return the page. Raises InvalidPage."""
        wanted = self.validate_number(number)
        rows = cast("QuerySet[Any]", self.object_list)
        return Page(part_of(rows, (wanted - 1) * self.per_page, self.per_page, far=self.far), wanted, self)


def _counted(rows: "QuerySet[Any]") -> int:
    """Return how many rows there are, counted along their keys step by step."""
    rest = rows = rows.prefetch_related(None).order_by("pk")
    steps = 0
    while edge := rest.values_list("pk", flat=True)[STEP - 1 : STEP].first():
        rest, steps = rows.filter(pk__gt=edge), steps + 1
    return steps * STEP + rest.count()


class LongList(_Admin):
    """Mixed into the admin of such a table: newest first by the key, which sorts by time (UUID 7) and has an index.

    Nothing that reads all rows at once: no count of the whole beside the count of what is shown, no sorting by any column, no drilling
    down by date (which finds the days by looking at every row). Its `list_filter` should name what an index finds. `fetched` are the
    relations that the list shows, read for the rows of a page alone: joined, they would be read for all rows before it too.
    """

    show_full_result_count = False
    sortable_by: ClassVar[tuple[str, ...]] = ()
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)
    list_per_page = 50
    list_select_related: ClassVar[tuple[str, ...]] = ()
    fetched: ClassVar[tuple[str, ...]] = ()

    def get_paginator(self, request: HttpRequest, queryset: Any, *args: Any, **options: Any) -> KeysFirst:
        """Return the list in pages. Of what is searched all rows are looked at in any case: it is read once it is known which."""
        pages = KeysFirst(queryset, *args, **options)
        pages.far = 0 if request.GET.get(SEARCH_VAR) else None
        pages.whole = not set(request.GET) - {PAGE_VAR}
        return pages

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """Return the rows with what the list shows of others."""
        return super().get_queryset(request).prefetch_related(*self.fetched)
