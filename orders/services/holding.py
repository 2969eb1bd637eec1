"""How many orders may wait for their payment at once: each of them holds pieces back from everybody else.

`MAX_OPEN_ORDERS` for an e-mail address, which is an account's too, and `SHARED` times as many for a network address, behind which
there may be several people. What is paid, or seen on its way, or over, no longer counts.
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from cryptons import clock
from cryptons.api.tries import Turn
from cryptons.errors import RateLimited
from orders.models import Order
from orders.payment_status import OrderPaymentStatus
from orders.status import OrderStatus

SHARED = 4


def mark_of(network: str) -> str:
    """Return what is kept of the network an order came from: enough to know it again, "" for an unknown one."""
    return salted_hmac("orders.placed_from", network, algorithm="sha256").hexdigest()[:32] if network else ""


def turns_of(order: Order) -> Sequence[Turn]:
    """Return what has to be waited for in the order's transaction, so that of two at once the second counts the first.

    SQLite lets one transaction write after the other as it is (`IMMEDIATE`), so there is nothing to wait for.
    """
    if not settings.MAX_OPEN_ORDERS or connection.vendor == "sqlite":
        return ()
    return [Turn("orders", who) for who in sorted({order.email, order.placed_from} - {""})]


def check_room(order: Order) -> None:
    """Let a new order pass where few enough wait for payment. Raises RateLimited, telling when the oldest of them gives up."""
    most = settings.MAX_OPEN_ORDERS
    if not most:
        return
    _check(_open().filter(email=order.email), most, "You have")
    if order.placed_from:
        _check(_open().filter(placed_from=order.placed_from), most * SHARED, "From your network there are")


def _open() -> "QuerySet[Order]":
    return Order.objects.filter(status=OrderStatus.PENDING, payment_status=OrderPaymentStatus.UNPAID)


def _check(waiting: "QuerySet[Order]", most: int, who: str) -> None:
    if waiting.count() < most:
        return
    begun = waiting.order_by("created_at").values_list("created_at", flat=True).first()
    raise RateLimited(
        f"{who} {most} unpaid order{'s' if most > 1 else ''} already, which hold pieces back from others. Pay or cancel one, or try "
        "again when one has run out.",
        wait=_until_over(begun or clock.now()),
    )


def _until_over(begun: datetime) -> int:
    return max(1, int((begun + settings.PAYMENT_EXPIRY - clock.now()).total_seconds()) + 1)
