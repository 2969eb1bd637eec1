"""What staff choose in a list of the admin, by "select all" perhaps very much: so many of them at once as one page can ask about."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

AT_ONCE = 200
"""So many rows one step takes. A form of more than 1,000 fields is refused, and PostgreSQL takes no more than 65,535 values in one
statement, which has to name every row together with all that hangs on it."""


def first_of(request: HttpRequest, chosen: "QuerySet[Any]") -> "QuerySet[Any]":
    """Return what is chosen, or the first `AT_ONCE` where it is more; who chose is told so."""
    keys = list(chosen.prefetch_related(None).values_list("pk", flat=True)[: AT_ONCE + 1])
    if len(keys) <= AT_ONCE:
        return chosen
    messages.warning(
        request,
        f"More than {AT_ONCE} are chosen. This step takes the first {AT_ONCE} of them; choose the others after it.",
    )
    return chosen.filter(pk__in=keys[:AT_ONCE])


@admin.action(permissions=["delete"], description="Delete selected %(verbose_name_plural)s")
def delete_chosen(
    model_admin: "admin.ModelAdmin[Any]", request: HttpRequest, chosen: "QuerySet[Any]"
) -> HttpResponse | None:
    """Ask, and then delete, as Django does, with no more rows at once than that can do."""
    return delete_selected(model_admin, request, first_of(request, chosen))
