"""The admin's lists of tables that only ever grow."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object


class LongList(_Admin):
    """Mixed into the admin of such a table: newest first by the key, which sorts by time (UUID 7) and has an index.

    Nothing that reads all rows: no count of the whole beside the count of what is shown, no sorting by any column, no drilling down by
    date (which finds the days by looking at every row). Its `list_filter` should name what an index finds. `fetched` are the relations
    that the list shows, read for the rows of a page alone: joined, they would be read for all rows before it too.
    """

    show_full_result_count = False
    sortable_by: ClassVar[tuple[str, ...]] = ()
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)
    list_per_page = 50
    list_select_related: ClassVar[tuple[str, ...]] = ()
    fetched: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """Return the rows with what the list shows of others."""
        return super().get_queryset(request).prefetch_related(*self.fetched)
