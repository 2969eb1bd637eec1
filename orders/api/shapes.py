"""What /orders takes and answers."""

from datetime import UTC, date, datetime, time
from typing import Any

from rest_framework.serializers import ListField

from accounts.api.shapes import AddressShape, ShownAddressShape
from cryptons.api.fields import Choice, Identifier, Moment, Number, Shape, Text, Whole, told
from cryptons.api.paging import PageQuery
from cryptons.errors import NotFound
from cryptons.money import fiat
from orders.models import MOST_PIECES
from orders.payment_status import OrderPaymentStatus
from orders.selectors import OrderState
from orders.status import OrderStatus
from payments.api.shapes import PaymentShape
from shop.cart_base import MOST_LINES

COINS = ["BTC", "LTC", "XRP"]
"""Coins the contract knows; which of them the store takes, it says when asked (`PAYMENT_METHOD_UNAVAILABLE`)."""


class ItemShape(Shape):
    """A product and how many pieces of it."""

    product_id = Identifier()
    quantity = Whole(min_value=1, max_value=MOST_PIECES)


class NewOrderShape(Shape):
    """An order to be placed. Without `items` it is for all that is in the cart."""

    items = ListField(child=ItemShape(), required=False, allow_empty=False, min_length=1, max_length=MOST_LINES)
    cryptocurrency = Choice(COINS)
    shipping_address = AddressShape()
    note = Text(max_length=500, required=False, allow_blank=True, default="")


class StatusShape(Shape):
    """The status an order shall have."""

    status = Choice(OrderStatus.choices)
    tracking_number = Text(max_length=120, required=False, allow_blank=True, default="")
    note = Text(max_length=290, required=False, allow_blank=True, default="")


class NothingShape(Shape):
    """A body that says nothing."""


class UntilMoment(Moment):
    """A moment that is still within; a day alone stands for its end."""

    def to_internal_value(self, value: Any) -> datetime:
        """Return the moment. Raises ValidationError."""
        moment = super().to_internal_value(value)
        return datetime.combine(moment, time.max, tzinfo=UTC) if _is_day(value) else moment


class MaybeIdentifier(Identifier):
    """An id to search by: one that is malformed finds nothing, as does one that names nobody."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the key, or "" for what cannot be one."""
        try:
            return super().to_internal_value(data)
        except NotFound:
            return ""


class OrderQuery(PageQuery):
    """By what a list of orders can be narrowed. `from` and `to` are moments or days, both within."""

    status = Choice(OrderStatus.choices, required=False)
    payment_status = Choice(OrderPaymentStatus.choices, required=False)
    since = Moment(required=False)
    until = UntilMoment(required=False)
    user = MaybeIdentifier(required=False)

    def get_fields(self) -> dict[str, Any]:
        """Return the fields; `from` is no name in Python."""
        fields = super().get_fields()
        for inside, sent in (("since", "from"), ("until", "to")):
            fields[sent] = fields.pop(inside)
            fields[sent].source = inside
        return fields


class LineShape(Shape):
    """One product of an order, as it was when bought."""

    product_id = Text(allow_null=True)
    name = Text()
    sku = Text()
    quantity = Whole()
    price = Number()
    line_total = Number()
    cryptocurrency = Text()


class OrderShape(Shape):
    """An order."""

    example = {
        "id": "01980b6e-3333-7000-8000-000000000001",
        "orderNumber": "365T-R79E-6D72",
        "userId": "01980b6e-1111-7000-8000-000000000001",
        "items": [
            {
                "productId": "01980b6e-0000-7000-8000-000000000001",
                "name": "Copper kettle",
                "sku": "KET-1",
                "quantity": 2,
                "price": 49.5,
                "lineTotal": 99,
                "cryptocurrency": "BTC",
            }
        ],
        "totalAmount": 99,
        "currency": "EUR",
        "cryptocurrency": "BTC",
        "status": "pending",
        "paymentStatus": "confirming",
        "transactionHash": "5f1c4a0b8e6d2c7f9a3b1d5e7f9c2a4b6d8e0f1a3c5e7092b4d6f8a0c2e4f6a8",
        "shippingAddress": ShownAddressShape.example,
        "trackingNumber": None,
        "payment": PaymentShape.example,
        "createdAt": "2026-05-04T09:30:00Z",
        "updatedAt": "2026-05-04T09:31:00Z",
    }

    id = Text()
    order_number = Text()
    user_id = Text(allow_null=True)
    items = LineShape(many=True)
    total_amount = Number()
    currency = Text()
    cryptocurrency = Text()
    status = Choice(OrderStatus.choices)
    payment_status = Choice(OrderPaymentStatus.choices)
    transaction_hash = Text(allow_null=True)
    shipping_address = ShownAddressShape()
    tracking_number = Text(allow_null=True)
    payment = PaymentShape(allow_null=True)
    created_at = Moment()
    updated_at = Moment()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Return an OrderState in this shape."""
        return super().to_representation(_told(instance))


def order_data(state: OrderState) -> dict[str, Any]:
    """Return the order as the API shows it."""
    return told(OrderShape, state)


def _told(state: OrderState) -> dict[str, Any]:
    order = state.order
    coin = state.payment.payment.coin if state.payment else COINS[0]
    return {
        "id": order.pk,
        "order_number": order.number,
        "user_id": order.user_id,
        "items": [
            {
                "product_id": line.product_id,
                "name": line.name,
                "sku": line.sku,
                "quantity": line.quantity,
                "price": fiat(line.unit_price, order.currency),
                "line_total": fiat(line.line_total, order.currency),
                "cryptocurrency": coin,
            }
            for line in state.lines
        ],
        "total_amount": fiat(order.total, order.currency),
        "currency": order.currency,
        "cryptocurrency": coin,
        "status": order.status,
        "payment_status": state.payment_status,
        "transaction_hash": state.transaction or None,
        "shipping_address": order,
        "tracking_number": order.tracking_number or None,
        "payment": state.payment,
        "created_at": order.created_at,
        "updated_at": order.updated_at,
    }


def _is_day(value: object) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True
