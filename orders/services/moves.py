"""The small writes every order service is made of: a status change, an event, news for the outbox, stock given back.

All of them run inside the caller's transaction.
"""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from cryptons import clock, freshness
from cryptons.db import guarded_update
from cryptons.errors import InvalidTransition
from orders.models import Order, OrderEvent, OutboxMessage, SalesMark
from orders.payment_status import OrderPaymentStatus
from orders.status import PAID, OrderStatus, may_move
from orders.webhooks.events import moved_to
from orders.webhooks.recording import tell_endpoints
from shop.services import return_stock
from shop.version import reviews_of


def record(
    order: Order,
    kind: str,
    message: str,
    *,
    actor: User | None = None,
    is_public: bool = True,
    data: Mapping[str, Any] | None = None,
    moved: tuple[str, str] = ("", ""),
) -> OrderEvent:
    """Write one line of the order's history; `moved` names the old and new status where it is a move."""
    return OrderEvent.objects.create(
        order_id=order.pk,
        kind=kind,
        message=message,
        actor_id=actor.pk if actor else None,
        is_public=is_public,
        data=dict(data or {}),
        from_status=moved[0],
        to_status=moved[1],
    )


def announce(order: Order, topic: str, *, once: str = "", payload: Mapping[str, Any] | None = None) -> None:
    """Put news into the outbox; news with the same topic and the same `once` is told a single time per order."""
    content = {"topic": topic, "order": order, "payload": dict(payload or {})}
    OutboxMessage.objects.get_or_create(key=_news_key(order, topic, once), defaults=content)


def announce_first(order: Order, topic: str) -> None:
    """Put the first news of an order that was made a moment ago into the outbox: nobody can have told it before."""
    OutboxMessage.objects.create(key=_news_key(order, topic), topic=topic, order_id=order.pk)


def _news_key(order: Order, topic: str, once: str = "") -> str:
    return ":".join(part for part in ("order", str(order.pk), topic, once) if part)


def transition(
    order: Order,
    to: OrderStatus,
    message: str,
    *,
    actor: User | None = None,
    topic: str = "",
    payload: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
    unchanged_since_read: bool = False,
) -> bool:
    """Move `order` from the status it was read with to `to`, with its event and its news; the only writer of a status.

    Returns False, having written nothing, where somebody else moved it first; with `unchanged_since_read` also where anything
    else of the order was written since. `changes` are further columns of the same update. Raises InvalidTransition where the
    graph has no such move.
    """
    old = order.status
    if not may_move(old, to):
        raise InvalidTransition(f"An order that is “{order.get_status_display()}” cannot become “{to.label}”.")
    rows = Order.objects.filter(pk=order.pk, status=old)
    if unchanged_since_read:
        rows = rows.filter(updated_at=order.updated_at)
    written = {**(changes or {}), "status": to, "updated_at": clock.now()}
    if not guarded_update(rows, **written):
        return False
    for name, value in written.items():
        setattr(order, name, value)
    record(order, "moved", message, actor=actor, moved=(old, to))
    tell_endpoints(order, moved_to(to))
    if (old in PAID) != (to in PAID):
        SalesMark.objects.create(day=clock.day_of(order.created_at))
        if order.user_id:  # a review says whether its author has bought the thing
            freshness.changed(*(reviews_of(product_id) for product_id, _quantity in pieces(order)))
    if topic:
        # The same move can happen again only after the order was brought back; that is news once more.
        before = OrderEvent.objects.filter(order=order, to_status=to).count() - 1
        announce(order, topic, once=str(before) if before else "", payload=payload)
    return True


def cancel(order: Order, message: str, *, topic: str, actor: User | None = None, reason: str = "") -> bool:
    """Move `order` to cancelled and put its pieces back; return False where somebody else moved it first."""
    if not transition(order, OrderStatus.CANCELLED, message, actor=actor, topic=topic, payload={"reason": reason}):
        return False
    release_stock(order)
    return True


def set_attention(order: Order, reason: str) -> None:
    """Write why staff should look ("" for no reason). It counts as a change: whoever read the order before has to read again."""
    now = clock.now()
    Order.objects.filter(pk=order.pk).update(attention=reason, updated_at=now)
    order.attention, order.updated_at = reason, now


def set_payment_status(order: Order, word: OrderPaymentStatus) -> None:
    """Write how far the order is paid.

    Its payment was written or held (`payments.services.hold`) before in this transaction, so no other writer of both is under way, and no
    older word comes after a newer one.
    """
    now = clock.now()
    if guarded_update(
        Order.objects.filter(pk=order.pk).exclude(payment_status=word), payment_status=word, updated_at=now
    ):
        order.updated_at = now
    order.payment_status = word


def release_stock(order: Order) -> bool:
    """Put the order's pieces back into stock; return False where that was done before. Clearing `stock_held` gives the right to."""
    if not guarded_update(Order.objects.filter(pk=order.pk, stock_held=True), stock_held=False):
        return False
    order.stock_held = False
    return_stock(items=pieces(order))
    return True


def pieces(order: Order) -> list[tuple[Any, int]]:
    """Return (product key, quantity) of each line whose product still exists."""
    lines = order.lines.filter(product__isnull=False).values_list("product_id", "quantity")
    return [(product_id, quantity) for product_id, quantity in lines]
