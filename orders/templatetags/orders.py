"""How an order's state looks: `{{ order|status_tone }}`, `{% steps_of order as steps %}`."""

from dataclasses import dataclass

from django import template

from orders.models import Order
from orders.status import OrderStatus

register = template.Library()

_TONES = {
    OrderStatus.PENDING: "warn",
    OrderStatus.PROCESSING: "ok",
    OrderStatus.SHIPPED: "ok",
    OrderStatus.DELIVERED: "ok",
    OrderStatus.CANCELLED: "off",
}
_WAY = (
    (OrderStatus.PENDING, "Ordered"),
    (OrderStatus.PROCESSING, "Paid"),
    (OrderStatus.SHIPPED, "Shipped"),
    (OrderStatus.DELIVERED, "Delivered"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One station on an order's way: `done` lies behind, `current` is where it stands."""

    name: str
    done: bool
    current: bool


@register.filter
def status_tone(order: Order) -> str:
    """Return the suffix of the badge that fits the order's status."""
    return _TONES[OrderStatus(order.status)]


@register.simple_tag
def steps_of(order: Order) -> list[Step]:
    """Return the stations of an order's way; none for a cancelled one, which goes nowhere."""
    if order.status == OrderStatus.CANCELLED:
        return []
    here = [status for status, _ in _WAY].index(OrderStatus(order.status))
    return [Step(name, place < here, place == here) for place, (_, name) in enumerate(_WAY)]
