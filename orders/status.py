"""The order's status graph as data. `orders.services.moves.transition` is the only writer."""

from django.db import models


class OrderStatus(models.TextChoices):
    """Where an order stands."""

    PENDING = "pending", "Waiting for payment"
    PROCESSING = "processing", "Being prepared"
    SHIPPED = "shipped", "Shipped"
    DELIVERED = "delivered", "Delivered"
    CANCELLED = "cancelled", "Cancelled"


MOVES: dict[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.PENDING: frozenset({OrderStatus.PROCESSING, OrderStatus.CANCELLED}),
    OrderStatus.PROCESSING: frozenset({OrderStatus.SHIPPED, OrderStatus.CANCELLED}),
    OrderStatus.SHIPPED: frozenset({OrderStatus.DELIVERED}),
    OrderStatus.DELIVERED: frozenset(),
    # Only money that came too late and was accepted by staff brings an order back, and only while stock allows it. It goes on to
    # "processing" in the same transaction where that money is confirmed deeply enough already.
    OrderStatus.CANCELLED: frozenset({OrderStatus.PENDING}),
}

PAID = frozenset({OrderStatus.PROCESSING, OrderStatus.SHIPPED, OrderStatus.DELIVERED})
"""Where an order stands only because its payment was settled."""


def may_move(old: str, new: str) -> bool:
    """Return whether the graph has a move from `old` to `new`."""
    return OrderStatus(new) in MOVES[OrderStatus(old)]
