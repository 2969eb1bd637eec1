"""What people decide about an order: cancel, ship, deliver, accept what was paid, ask for the rest."""

from uuid import UUID

from accounts.models import User
from cryptons import clock
from cryptons.db import atomic, guarded_update
from cryptons.errors import Forbidden, InvalidInput, InvalidTransition
from orders.attention import attention_for
from orders.models import Order
from orders.payment_status import payment_status_of
from orders.rights import may_write, require_write
from orders.selectors import get_order, payment_of
from orders.services.following import follow_payment, present_state
from orders.services.moves import announce, cancel, pieces, record, set_attention, set_payment_status, transition
from orders.status import OrderStatus
from payments import services as payments
from payments.models import Payment
from payments.status import PaymentStatus
from shop.services import take_stock

_FINISHED_UNPAID = {PaymentStatus.EXPIRED, PaymentStatus.INVALID}
_MOVED_MEANWHILE = "The order has changed in the meantime. Look at it again before you decide."


def cancel_order(*, order_id: UUID, actor: User | None, reason: str = "") -> Order:
    """Cancel an order and put its pieces back into stock, once.

    A buyer may cancel while no money was seen; staff who may change orders may also cancel what was paid short, late or in full,
    and are then reminded to send the money back. Whoever else works for the shop is a buyer here. `actor` None is the buyer too: a
    guest, let in by whoever calls. Raises InvalidTransition where it is too late, Forbidden for somebody else's order, NotFound.
    """
    by_staff = may_write(actor)
    with atomic():
        order = get_order(order_id=order_id)
        if actor is not None and not by_staff and order.user_id != actor.pk:
            raise Forbidden("You may not cancel this order.")
        payment = payment_of(order=order)
        _stop_payment(order, payment, by_staff=by_staff)
        message = "Cancelled by the shop." if by_staff else "Cancelled by the buyer."
        if not cancel(order, message, topic="cancelled", actor=actor, reason=reason):
            raise InvalidTransition(_MOVED_MEANWHILE)
        if reason:
            record(order, "note", f"Reason: {reason}"[:300], actor=actor)
        _renew_attention(order, payment)
    return order


def _stop_payment(order: Order, payment: Payment | None, *, by_staff: bool) -> None:
    """Make sure that no money counts any more, or that whoever cancels may do so although some came.

    `payments.services.close` decides between a cancellation and money arriving at the same moment: only one finds the payment new.
    """
    if order.status == OrderStatus.PROCESSING and by_staff:
        return
    if order.status != OrderStatus.PENDING:
        raise InvalidTransition("This order can no longer be cancelled here. Please write to the shop.")
    if payment is None:
        return
    closed = payments.close(payment_id=payment.pk)
    payment.refresh_from_db()
    if closed:
        set_payment_status(order, payment_status_of(payment))
        return
    if payment.status in _FINISHED_UNPAID and (by_staff or not payment.received):
        return
    raise InvalidTransition("A payment for this order was seen, so it can no longer be cancelled here.")


def ship(*, order_id: UUID, actor: User | None, tracking_number: str = "") -> Order:
    """Note that an order was handed to the carrier; the buyer is told, with the tracking number.

    Raises InvalidTransition unless the order is being prepared and its payment is settled at this moment, Forbidden, NotFound.
    """
    require_write(actor)
    tracking_number = tracking_number.strip()
    if len(tracking_number) > 120:
        raise InvalidInput("A tracking number has at most 120 characters.")
    with atomic():
        # The order is read before its payment: a payment that loses its confirmations after that also changes the order's
        # `attention`, and then the guarded update below finds it changed.
        order = get_order(order_id=order_id)
        payment = payment_of(order=order)
        if payment is None or payment.status != PaymentStatus.SETTLED:
            raise InvalidTransition("The payment of this order is not settled, so it must not be shipped.")
        message = f"Shipped, tracking number {tracking_number}." if tracking_number else "Shipped."
        _move(order, OrderStatus.SHIPPED, message, actor, topic="shipped", changes={"tracking_number": tracking_number})
    return order


def deliver(*, order_id: UUID, actor: User | None) -> Order:
    """Note that an order has arrived. Raises InvalidTransition unless it was shipped, Forbidden, NotFound."""
    require_write(actor)
    with atomic():
        order = get_order(order_id=order_id)
        _move(order, OrderStatus.DELIVERED, "Delivered.", actor)
    return order


def accept_payment(*, order_id: UUID, actor: User | None) -> Order:
    """Take what was paid, short or late, as enough. A cancelled order takes its pieces out of stock again and comes back.

    Raises OutOfStock where they are gone, InvalidTransition where there is nothing to accept, Forbidden, NotFound; nothing is changed
    then.
    """
    require_write(actor)
    with atomic():
        order = get_order(order_id=order_id)
        payment = payment_of(order=order)
        if payment is None or not payment.received:
            raise InvalidTransition("No money came for this order, so there is nothing to accept.")
        if order.status not in {OrderStatus.PENDING, OrderStatus.CANCELLED}:
            raise InvalidTransition("This order is paid already; there is nothing to accept.")
        if payment.status in _FINISHED_UNPAID or order.status == OrderStatus.PENDING:
            payment = payments.accept(payment_id=payment.pk, actor=actor)
        elif not payments.hold(payment=payment):
            raise InvalidTransition(_MOVED_MEANWHILE)
        record(order, "accepted", "The shop accepted the payment as it came.", actor=actor)
        if order.status == OrderStatus.CANCELLED:
            _bring_back(order, actor)
            follow_payment(update=present_state(payment))
        order.refresh_from_db()
    return order


def _bring_back(order: Order, actor: User | None) -> None:
    message = "Taken up again, as the payment was accepted."
    if not transition(order, OrderStatus.PENDING, message, actor=actor, changes={"stock_held": True}):
        raise InvalidTransition(_MOVED_MEANWHILE)
    set_attention(order, "")
    take_stock(items=pieces(order))


def ask_for_rest(*, order_id: UUID, actor: User | None) -> Order:
    """Give the buyer of an order that was paid short more time for the rest, at the price that was agreed, and say so by e-mail.

    Raises InvalidTransition where nothing is missing or the order is not waiting, Forbidden, NotFound.
    """
    require_write(actor)
    with atomic():
        order = get_order(order_id=order_id)
        payment = payment_of(order=order)
        if payment is None or order.status != OrderStatus.PENDING:
            raise InvalidTransition("This order is not waiting for money.")
        payment = payments.extend(payment_id=payment.pk, actor=actor)
        record(order, "extended", "The shop asks for the rest and waits longer.", actor=actor)
        state = present_state(payment)
        follow_payment(update=state)
        until = payment.expires_at.isoformat()
        asked = {"received": state.received, "due": state.due, "until": until}
        announce(order, "rest-asked", once=until, payload=asked)
        order.refresh_from_db()
    return order


def clear_attention(*, order_id: UUID, actor: User | None) -> Order:
    """Mark what needed a person's eye as handled; it comes back when the payment changes again. Raises Forbidden, NotFound."""
    require_write(actor)
    with atomic():
        order = get_order(order_id=order_id)
        reason = order.attention
        if reason and guarded_update(
            Order.objects.filter(pk=order.pk, attention=reason), attention="", updated_at=clock.now()
        ):
            record(order, "handled", f"Handled: {reason}"[:300], actor=actor, is_public=False)
            order.attention = ""
    return order


def _move(
    order: Order,
    to: OrderStatus,
    message: str,
    actor: User | None,
    *,
    topic: str = "",
    changes: dict[str, str] | None = None,
) -> None:
    """Make a move that the order must not have changed for since it was read."""
    if not transition(order, to, message, actor=actor, topic=topic, changes=changes, unchanged_since_read=True):
        raise InvalidTransition(_MOVED_MEANWHILE)


def _renew_attention(order: Order, payment: Payment | None) -> None:
    if payment is None:
        return
    set_attention(
        order,
        attention_for(
            status=order.status,
            payment_status=payment.status,
            exception=payment.exception,
            received=payment.received,
        ),
    )
