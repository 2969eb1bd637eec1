"""What an order's payment amounts to in one word: the one place where that is decided.

The word stands on the order (`Order.payment_status`), where lists find it. `orders.services.following` writes it in the transaction
that changes the payment.
"""

from django.db import models

from payments.models import Payment
from payments.status import PaymentException, PaymentStatus


class OrderPaymentStatus(models.TextChoices):
    """How far an order is paid."""

    UNPAID = "unpaid"
    PARTIAL = "partial"
    CONFIRMING = "confirming"
    PAID = "paid"
    OVERPAID = "overpaid"
    EXPIRED = "expired"
    REFUNDED = "refunded"


def payment_status_of(payment: Payment | None) -> OrderPaymentStatus:
    """Return the word for an order with this payment."""
    return word_for(payment.status, payment.exception) if payment else OrderPaymentStatus.UNPAID


def word_for(status: str, exception: str) -> OrderPaymentStatus:
    """Return the word for a payment's status and exception ("" for none).

    Money that came short is `partial` even when the time was up: it is there, and staff decide about it. Money that came late and a
    payment that became void leave the order `expired`. Nothing is paid back by the store yet, so nothing is `refunded`.
    """
    if status == PaymentStatus.NEW:
        return OrderPaymentStatus.UNPAID
    if status == PaymentStatus.SETTLED:
        return OrderPaymentStatus.OVERPAID if exception == PaymentException.OVERPAID else OrderPaymentStatus.PAID
    if status == PaymentStatus.SEEN:
        short = exception in {PaymentException.UNDERPAID, PaymentException.LATE}
        return OrderPaymentStatus.PARTIAL if short else OrderPaymentStatus.CONFIRMING
    short = status == PaymentStatus.EXPIRED and exception == PaymentException.UNDERPAID
    return OrderPaymentStatus.PARTIAL if short else OrderPaymentStatus.EXPIRED
