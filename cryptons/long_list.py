"""Lists of tables that only ever grow, in the admin and elsewhere."""

from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from django.contrib import admin
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object


FAR = 1_000
"""So many rows before a page are skipped faster by their keys."""


def keys_of(rows: "QuerySet[Any]", start: int, limit: int) -> tuple[UUID, ...]:
    """Return the keys of `limit` of the rows from the `start`-th on, in their order.

    An index that has the order gives them, and those before them, without the rows; a database that is asked for whole rows reads all
    that it skips.
    """
    return tuple(rows.prefetch_related(None).values_list("pk", flat=True)[start : start + limit])


class KeysFirst(Paginator["Model"]):
    """Pages of which the far ones are found by their keys."""

    def page(self, number: int | str) -> "Page[Model]":
        """Return the page. Raises InvalidPage."""
        wanted = self.validate_number(number)
        start = (wanted - 1) * self.per_page
        if start < FAR:
            return super().page(wanted)
        rows = cast("QuerySet[Any]", self.object_list)
        return Page(rows.filter(pk__in=keys_of(rows, start, self.per_page)), wanted, self)


class LongList(_Admin):
    """Mixed into the admin of such a table: newest first by the key, which sorts by time (UUID 7) and has an index.

    Nothing that reads all rows: no count of the whole beside the count of what is shown, no sorting by any column, no drilling down by
    date (which finds the days by looking at every row). Its `list_filter` should name what an index finds. `fetched` are the relations
    that the list shows, read for the rows of a page alone: joined, they would be read for all rows before it too.
    """

    show_full_result_count = False
    paginator = KeysFirst
    sortable_by: ClassVar[tuple[str, ...]] = ()
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)
    list_per_page = 50
    list_select_related: ClassVar[tuple[str, ...]] = ()
    fetched: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """Return the rows with what the list shows of others."""
        return super().get_queryset(request).prefetch_related(*self.fetched)
