"""The records that belong to orders, to look at."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cryptons.outbox import send_again
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
class OrderEventAdmin(LookOnly, admin.ModelAdmin[OrderEvent]):
    """Everything that happened to any order."""

    list_display = ("created_at", "order", "kind", "message", "from_status", "to_status", "actor", "is_public")
    list_filter = ("kind", "to_status", "is_public", "created_at")
    list_select_related = ("order", "actor")
    search_fields = ("order__number", "order__email", "message")
    date_hierarchy = "created_at"


@admin.register(OutboxMessage)
class OutboxMessageAdmin(LookOnly, admin.ModelAdmin[OutboxMessage]):
    """What was, and what has yet to be, told to buyers."""

    list_display = ("created_at", "order", "topic", "sent_at", "attempts", "next_attempt_at", "last_error")
    list_filter = ("topic", ("sent_at", admin.EmptyFieldListFilter), "created_at")
    list_select_related = ("order",)
    search_fields = ("order__number", "order__email", "key")
    date_hierarchy = "created_at"
    actions = ("send_once_more",)

    @admin.action(description="Send once more", permissions=["resend"])
    def send_once_more(self, request: HttpRequest, queryset: "QuerySet[OutboxMessage]") -> None:
        for row in queryset:
            send_again(row)
        self.message_user(request, f"{len(queryset)} messages are due again and leave within seconds.")

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.change_outboxmessage")


@admin.register(OrderPayment)
class OrderPaymentAdmin(LookOnly, admin.ModelAdmin[OrderPayment]):
    """Which payment belongs to which order."""

    list_display = ("order", "payment", "payment_status", "created_at")
    list_filter = ("payment__status", "payment__exception")
    list_select_related = ("order", "payment")
    search_fields = ("order__number", "order__email", "payment__options__address", "payment__transfers__txid")

    @admin.display(description="payment status", ordering="payment__status")
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
