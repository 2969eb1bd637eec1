"""What may be read about orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet, Value, prefetch_related_objects
from django.db.models.functions import Concat

from accounts.models import User
from cryptons.api.fields import identifier
from cryptons.errors import NotFound
from orders.models import Order, OrderEvent, OrderLine, OrderPayment
from orders.numbers import canonical_number
from orders.payment_status import OrderPaymentStatus
from orders.rights import may_write
from payments.ledger import ALIVE
from payments.models import Payment, PaymentOption
from payments.selectors import PaymentState, state_of, state_with


def get_order(*, order_id: UUID) -> Order:
    """Return the order. Raises NotFound."""
    order = Order.objects.filter(pk=order_id).first()
    if order is None:
        raise NotFound("There is no such order.")
    return order


def order_by_number(*, number: str) -> Order | None:
    """Return the order with this number. Whether the asker may see it is for the caller to decide."""
    return Order.objects.filter(number=number).first()


def order_by_checkout_key(*, checkout_key: str) -> Order | None:
    """Return the order that this checkout placed. Mostly there is none, so the whole row is only read where there is one."""
    same = Order.objects.filter(checkout_key=checkout_key).order_by()
    return same.first() if same.exists() else None


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


@dataclass(frozen=True, slots=True)
class OrderFilters:
    """What a list of orders is narrowed by; None for not at all. `since` and `until` belong to it."""

    status: str | None = None
    payment_status: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    user_id: UUID | None = None


def orders_for(*, asker: User, filters: OrderFilters) -> "QuerySet[Order, Order]":
    """Return the orders that `asker` may list, newest first: their own, all of them for who may change orders."""
    sees_all = may_write(asker)
    rows = Order.objects.all() if sees_all else Order.objects.filter(user=asker)
    times = {"created_at__gte": filters.since, "created_at__lte": filters.until, "user_id": filters.user_id}
    rows = rows.filter(**{name: value for name, value in times.items() if value is not None})
    words = {"status": filters.status, "payment_status": filters.payment_status}
    few = not sees_all or filters.user_id is not None
    return _with_words(rows, words, few=few).order_by("-created_at", "-id")


def _with_words(
    rows: "QuerySet[Order, Order]", words: Mapping[str, str | None], *, few: bool
) -> "QuerySet[Order, Order]":
    """Narrow the rows to those with these values in these columns; None for any.

    One person's orders are few and every one of them is looked at: written as an expression, a column's own index, which knows the orders
    of everybody, is out of the database's choice.
    """
    for column, word in words.items():
        if word is None:
            continue
        if few:
            rows = rows.alias(**{f"{column}_": Concat(column, Value(""))}).filter(**{f"{column}_": word})
        else:
            rows = rows.filter(**{column: word})
    return rows


def order_for(*, asker: User, key: str) -> Order:
    """Return the order with this id or number, as its owner and the staff may see it.

    Raises NotFound, also where it is somebody else's.
    """
    try:
        named = Q(pk=identifier(key))
    except NotFound:
        named = Q(number=canonical_number(key))
    rows = Order.objects.all() if asker.is_staff else Order.objects.filter(user=asker)
    order = rows.filter(named).first()
    if order is None:
        raise NotFound("There is no such order.")
    return order


@dataclass(frozen=True, slots=True)
class OrderState:
    """An order with its lines, its payment and what they amount to; `transaction` is the first that pays it, "" for none yet."""

    order: Order
    lines: list[OrderLine]
    payment: PaymentState | None
    payment_status: OrderPaymentStatus
    transaction: str


def with_states(rows: "QuerySet[Order, Order]") -> "QuerySet[Order, Order]":
    """Let the rows bring all that `order_state` reads, in four more queries however many there are."""
    return rows.prefetch_related(*_whole())


def order_state(order: Order) -> OrderState:
    """Return an order that brought all that belongs to it (`with_states`)."""
    link = next(iter(order.payment_links.all()), None)
    state = state_of(link.payment) if link else None
    counted = [one.txid for one in state.transfers if one.state in ALIVE] if state else []
    return OrderState(
        order=order,
        lines=list(order.lines.all()),
        payment=state,
        payment_status=OrderPaymentStatus(order.payment_status),
        transaction=counted[0] if counted else "",
    )


def read_order_state(order: Order) -> OrderState:
    """Return the order as it was read, with all that belongs to it, in four more queries."""
    prefetch_related_objects([order], *_whole())
    return order_state(order)


def new_order_state(*, order: Order, lines: Sequence[OrderLine], payment: Payment, option: PaymentOption) -> OrderState:
    """Return an order that was just placed with what was written with it. Nobody has seen where to pay, so nothing was paid yet."""
    return OrderState(order, list(lines), state_with(payment, option, ()), OrderPaymentStatus(order.payment_status), "")


def _whole() -> "tuple[str, Prefetch[str, Any, Any]]":
    payments = OrderPayment.objects.select_related("payment").prefetch_related("payment__options", "payment__transfers")
    return "lines", Prefetch("payment_links", queryset=payments)
