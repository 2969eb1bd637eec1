"""The records that belong to orders, to look at."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cryptons.long_list import LongList
from cryptons.outbox import send_again
from orders.admin.looking import SEARCHES_ORDERS, SENDING, SendingFilter, of_orders
from orders.models import OrderEvent, OrderLine, OrderPayment, OutboxMessage


class LookOnly:
    """Mixed into an admin of rows that only services write."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(OrderEvent)
class OrderEventAdmin(LookOnly, LongList, admin.ModelAdmin[OrderEvent]):
    """Everything that happened to any order, to be found by the order."""

    list_display = ("created_at", "order", "kind", "message", "from_status", "to_status", "actor", "is_public")
    fetched = ("order", "actor")
    search_fields = ("order",)
    search_help_text = SEARCHES_ORDERS

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[OrderEvent]", search_term: str
    ) -> tuple["QuerySet[OrderEvent]", bool]:
        return of_orders(queryset, search_term), False


@admin.register(OutboxMessage)
class OutboxMessageAdmin(LookOnly, LongList, admin.ModelAdmin[OutboxMessage]):
    """What was, and what has yet to be, told to buyers."""

    list_display = ("created_at", "order", "topic", "sent_at", "attempts", "next_attempt_at", "last_error")
    list_filter = (SendingFilter,)
    fetched = ("order",)
    search_fields = ("order",)
    search_help_text = SEARCHES_ORDERS
    actions = ("send_once_more",)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        # What waits comes the longest due first, along the index that finds it.
        return ("next_attempt_at",) if request.GET.get(SENDING) in {"waiting", "again"} else self.ordering

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[OutboxMessage]", search_term: str
    ) -> tuple["QuerySet[OutboxMessage]", bool]:
        return of_orders(queryset, search_term), False

    @admin.action(description="Send once more", permissions=["resend"])
    def send_once_more(self, request: HttpRequest, queryset: "QuerySet[OutboxMessage]") -> None:
        # Without what the list shows with them: of very many, PostgreSQL takes no statement that names the orders of all.
        rows = queryset.prefetch_related(None)
        for row in rows:
            send_again(row)
        self.message_user(request, f"{len(rows)} messages are due again and leave within seconds.")

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.change_outboxmessage")


@admin.register(OrderPayment)
class OrderPaymentAdmin(LookOnly, LongList, admin.ModelAdmin[OrderPayment]):
    """Which payment belongs to which order."""

    list_display = ("order", "payment", "payment_status", "created_at")
    fetched = ("order", "payment")
    search_fields = ("order",)
    search_help_text = SEARCHES_ORDERS

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[OrderPayment]", search_term: str
    ) -> tuple["QuerySet[OrderPayment]", bool]:
        return of_orders(queryset, search_term), False

    @admin.display(description="payment status")
    def payment_status(self, link: OrderPayment) -> str:
        exception = link.payment.get_exception_display()
        return f"{link.payment.get_status_display()}{f' ({exception})' if exception else ''}"


class OrderLineInline(LookOnly, admin.TabularInline[OrderLine, Any]):
    """What was bought."""

    model = OrderLine
    fields = ("name", "sku", "unit_price", "quantity", "line_total", "product")
    extra = 0


class OrderEventInline(LookOnly, admin.TabularInline[OrderEvent, Any]):
    """What happened."""

    model = OrderEvent
    fields = ("created_at", "kind", "message", "from_status", "to_status", "actor", "is_public")
    readonly_fields = ("created_at",)
    extra = 0


class OrderPaymentInline(LookOnly, admin.TabularInline[OrderPayment, Any]):
    """What it is paid with."""

    model = OrderPayment
    fields = ("payment", "payment_status", "asked", "received", "created_at")
    readonly_fields = ("payment_status", "asked", "received", "created_at")
    show_change_link = True
    extra = 0

    @admin.display(description="status")
    def payment_status(self, link: OrderPayment) -> str:
        return link.payment.get_status_display()

    @admin.display(description="asked for, satoshi")
    def asked(self, link: OrderPayment) -> int:
        return link.payment.amount

    @admin.display(description="received, satoshi")
    def received(self, link: OrderPayment) -> int:
        return link.payment.received
