"""Why staff should look at an order, as a pure function of where the order and its payment stand."""

from orders.status import PAID, OrderStatus
from payments.status import PaymentException, PaymentStatus

UNDERPAID = "Too little was paid before the time was up. Accept it, ask for the rest, or cancel."
LATE = "The payment came after the time was up. Accept it or cancel."
CANCELLED_WITH_MONEY = "Money came for a cancelled order. Accept it, or send it back and mark this as handled."
UNSETTLED = "The payment is no longer confirmed. Do not ship until it is settled again."
OVERPAID = "More was paid than asked for. The order goes on; send the difference back if the buyer asks."


def attention_for(*, status: str, payment_status: str, exception: str, received: int) -> str:
    """Return the reason in words, "" where there is none. `received` in satoshi."""
    if status == OrderStatus.CANCELLED:
        return CANCELLED_WITH_MONEY if received else ""
    if status in PAID:
        if payment_status != PaymentStatus.SETTLED:
            return UNSETTLED
        return OVERPAID if exception == PaymentException.OVERPAID else ""
    if payment_status == PaymentStatus.EXPIRED:
        return {PaymentException.UNDERPAID.value: UNDERPAID, PaymentException.LATE.value: LATE}.get(exception, "")
    return ""
