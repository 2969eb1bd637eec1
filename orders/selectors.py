"""What may be read about orders."""

from django.db.models import QuerySet

from accounts.models import User
from orders.models import Order, OrderEvent, OrderLine
from payments.models import Payment


def order_by_number(*, number: str) -> Order | None:
    """Return the order with this number. Whether the asker may see it is for the caller to decide."""
    return Order.objects.filter(number=number).first()


def order_by_checkout_key(*, checkout_key: str) -> Order | None:
    """Return the order that this checkout placed."""
    return Order.objects.filter(checkout_key=checkout_key).first()


def orders_of(*, user: User) -> "QuerySet[Order, Order]":
    """Return a user's orders, newest first."""
    return Order.objects.filter(user=user).order_by("-created_at", "-id")


def payment_of(*, order: Order) -> Payment | None:
    """Return the payment the order waits for or was paid with, the newest where there were several."""
    return Payment.objects.filter(order_link__order=order).order_by("created_at", "id").last()


def timeline_of(*, order: Order) -> list[OrderEvent]:
    """Return what the buyer may know of the order's history, oldest first."""
    return list(OrderEvent.objects.filter(order=order, is_public=True).order_by("created_at", "id"))


def lines_of(*, order: Order) -> list[OrderLine]:
    """Return the order's lines with the products they were made from, in one query."""
    return list(OrderLine.objects.filter(order=order).select_related("product").order_by("position"))
