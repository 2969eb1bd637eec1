"""What an order's payment amounts to in one word: the one place where that is decided, for showing and for searching."""

from django.db import models
from django.db.models import Q

from payments.models import Payment
from payments.status import PaymentException, PaymentStatus

_PAYMENT = "payment_links__payment"


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
    return _word(payment.status, payment.exception) if payment else OrderPaymentStatus.UNPAID


def with_payment_status(word: OrderPaymentStatus) -> Q:
    """Return the condition on orders that `payment_status_of` calls `word`, made from the same rule, for the database."""
    condition = Q(payment_links__isnull=True) if word == OrderPaymentStatus.UNPAID else Q(pk__in=[])
    for status in PaymentStatus.values:
        exceptions = [one for one in ["", *PaymentException.values] if _word(status, one) == word]
        if exceptions:
            condition |= Q(**{f"{_PAYMENT}__status": status, f"{_PAYMENT}__exception__in": exceptions})
    return condition


def _word(status: str, exception: str) -> OrderPaymentStatus:
    """Return the word for a payment's status and exception.

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
