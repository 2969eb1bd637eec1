"""The order's status graph as data. `orders.services` is the only writer."""

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
    # Only money that came too late and was accepted by staff brings an order back, and only while stock allows it.
    OrderStatus.CANCELLED: frozenset({OrderStatus.PROCESSING}),
}
