"""Hears what became of a payment and moves its order on."""

from orders.services import follow_payment
from payments.seam import PaymentUpdate


def on_payment_update(update: PaymentUpdate) -> None:
    """Move the order of `update.payment_id` on. Runs inside the transaction that changed the payment."""
    follow_payment(update=update)
