"""What a payment's state means for its order.

`follow_payment` is a function of the two states as they are, so it may run any number of times: the payment listener calls it
when something changed, the sweeper when the two are found out of step.
"""

from cryptons.money import format_btc
from orders.attention import attention_for
from orders.models import Order, OrderEvent
from orders.payment_status import word_for
from orders.services.moves import announce, cancel, record, set_attention, set_payment_status, transition
from orders.status import OrderStatus
from orders.webhooks.events import paid
from orders.webhooks.recording import tell_endpoints
from payments.models import Payment, TransferState
from payments.seam import PaymentUpdate
from payments.status import PaymentException, PaymentStatus

_CANCELS = {
    PaymentStatus.EXPIRED: ("Cancelled, as no payment came in time.", "expired"),
    PaymentStatus.INVALID: ("Cancelled, as the payment became void.", "invalid"),
}
_COUNTED = [TransferState.PENDING, TransferState.CONFIRMED]


def follow_payment(*, update: PaymentUpdate) -> None:
    """Move the order of a payment to where the payment's state puts it, with event, news and a word for staff.

    Runs inside the caller's transaction, which wrote the payment or holds it (`payments.services.hold`), so that nobody follows an older
    state after a newer one. A payment without an order is nobody's business here.
    """
    order = Order.objects.filter(payment_links__payment_id=update.payment_id).first()
    if order is None:
        return
    word = word_for(update.status, update.exception)
    if order.payment_status != word:
        set_payment_status(order, word)
    changed = _note_change(order, update)
    moved = _move(order, update)
    if changed or moved:
        _look_after(order, update)


def present_state(payment: Payment) -> PaymentUpdate:
    """Return what the payment would announce about itself now."""
    txids = payment.transfers.filter(state__in=_COUNTED).values_list("txid", flat=True)
    return PaymentUpdate(
        payment_id=payment.pk,
        previous=payment.status,
        status=payment.status,
        exception=payment.exception,
        received=payment.received,
        due=max(payment.amount - payment.received, 0),
        confirmations=payment.confirmations,
        txids=tuple(dict.fromkeys(txids)),
    )


def _signature(update: PaymentUpdate) -> list[str | int]:
    """Return what makes a state of a payment news; confirmations alone do not."""
    return [str(update.payment_id), update.status, update.exception, update.received]


def _note_change(order: Order, update: PaymentUpdate) -> bool:
    """Write the payment's new state into the order's history; return False where it is there already."""
    last = OrderEvent.objects.filter(order=order, kind="payment").order_by("created_at", "id").last()
    before = last.data["state"] if last else [str(update.payment_id), PaymentStatus.NEW, "", 0]
    over = order.status == OrderStatus.CANCELLED and not update.received and not before[3]
    if over or before == _signature(update):
        return False
    data = {
        "state": _signature(update),
        "confirmations": update.confirmations,
        "due": update.due,
        "txids": list(update.txids),
    }
    record(order, "payment", _in_words(update, before_status=before[1]), data=data)
    tell_endpoints(order, paid(update, before=str(before[1])))
    topic = _topic(order, update)
    if topic:
        # A transaction replaced by one of the same amount (a raised fee) is no news to the one who raised it.
        announce(order, topic, once=str(update.received), payload=_amounts(update))
    return True


def _topic(order: Order, update: PaymentUpdate) -> str:
    """Return what the buyer is told about a payment that does not move the order, "" for nothing."""
    if order.status == OrderStatus.CANCELLED or update.exception == PaymentException.LATE:
        return "payment-late" if update.received else ""
    if order.status != OrderStatus.PENDING:
        return ""
    if update.status == PaymentStatus.EXPIRED and update.exception == PaymentException.UNDERPAID:
        return "payment-short"
    return "payment-seen" if update.status == PaymentStatus.SEEN else ""


def _amounts(update: PaymentUpdate) -> dict[str, object]:
    return {"received": update.received, "due": update.due, "txids": list(update.txids)}


def _move(order: Order, update: PaymentUpdate) -> bool:
    """Take the one step that an unpaid order can take because of its payment; return whether it was taken."""
    if order.status != OrderStatus.PENDING:
        return False
    if update.status == PaymentStatus.SETTLED:
        topic, payload = "payment-confirmed", _amounts(update)
        moved = transition(order, OrderStatus.PROCESSING, "The order is being prepared.", topic=topic, payload=payload)
    elif update.status in _CANCELS and not update.exception:
        message, topic = _CANCELS[PaymentStatus(update.status)]
        moved = cancel(order, message, topic=topic)
    else:
        return False
    if not moved:
        # Somebody may have moved it since it was read; what staff has to know depends on where it stands now.
        order.refresh_from_db()
    return moved


def _look_after(order: Order, update: PaymentUpdate) -> None:
    reason = attention_for(
        status=order.status, payment_status=update.status, exception=update.exception, received=update.received
    )
    if reason != order.attention:
        set_attention(order, reason)


def _in_words(update: PaymentUpdate, *, before_status: object) -> str:
    """Return one line of the timeline about the payment's new state."""
    received = f"{format_btc(update.received)} BTC"
    if update.exception == PaymentException.UNDERPAID:
        return f"{received} received, {format_btc(update.due)} BTC missing."
    if update.exception == PaymentException.LATE:
        return f"{received} received after the time was up."
    if update.status == PaymentStatus.SEEN:
        if before_status == PaymentStatus.SETTLED:
            return "The payment lost its confirmations and waits for them again."
        return f"Payment of {received} seen, waiting for confirmation."
    return {
        PaymentStatus.NEW.value: "The payment that was seen is gone again; waiting for payment.",
        PaymentStatus.SETTLED.value: f"Payment of {received} confirmed.",
        PaymentStatus.EXPIRED.value: "The time to pay was up.",
        PaymentStatus.INVALID.value: "The payment became void: its coins were spent otherwise.",
    }[update.status]
