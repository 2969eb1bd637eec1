"""The orders themselves."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from cryptons.long_list import LongList
from cryptons.money import format_fiat
from orders.admin.decisions import DECISIONS, action_for, decisions_for
from orders.admin.looking import SEARCHES_ORDERS, WORK, WorkFilter, find
from orders.admin.records import OrderEventInline, OrderLineInline, OrderPaymentInline
from orders.models import Order


@admin.register(Order)
class OrderAdmin(LongList, admin.ModelAdmin[Order]):
    """Orders: what is to do with them, and everything that is known about each."""

    list_display = ("number", "email", "total_shown", "status", "payment_status", "attention", "created_at")
    list_filter = (WorkFilter, "status", "payment_status", "created_at")
    search_fields = ("number",)
    search_help_text = SEARCHES_ORDERS
    inlines = (OrderLineInline, OrderPaymentInline, OrderEventInline)
    actions = [action_for(decision) for decision in DECISIONS]
    view_on_site = False  # the buyer's page is the buyer's
    change_form_template = "admin/orders/order/change_form.html"
    fieldsets = (
        (None, {"fields": ("number", "status", "attention", "total_shown", "tracking_number")}),
        ("Buyer", {"fields": ("email", "user", "postal", "phone", "note")}),
        ("Record", {"fields": ("stock_held", "created_at", "updated_at")}),
    )

    class Media:
        css = {"all": ("css/orders-admin.css",)}

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("created_at",) if request.GET.get(WORK) else ("-created_at",)

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Order]", search_term: str
    ) -> tuple["QuerySet[Order]", bool]:
        return find(queryset, search_term, newest_first=not request.GET.get(WORK)), False

    def get_readonly_fields(self, request: HttpRequest, obj: Order | None = None) -> list[str]:
        return ["total_shown", "postal", *(field.name for field in Order._meta.fields)]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        order = self.get_object(request, object_id)
        context = {
            **(extra_context or {}),
            "show_save": False,
            "show_save_and_continue": False,
            "decisions": decisions_for(order) if order else [],
        }
        return super().change_view(request, object_id, form_url, context)

    @admin.display(description="total", ordering="total")
    def total_shown(self, order: Order) -> str:
        return format_fiat(order.total, order.currency)

    @admin.display(description="address")
    def postal(self, order: Order) -> str:
        return "\n".join(order.postal_lines())
