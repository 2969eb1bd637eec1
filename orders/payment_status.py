"""What an order's payment amounts to in one word: the one place where that is decided, for showing and for searching."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q

from orders.models import OrderPayment
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
    return _word(payment.status, payment.exception) if payment else OrderPaymentStatus.UNPAID


def with_payment_status(word: OrderPaymentStatus, *, one_by_one: bool = False) -> Q:
    """Return the condition on orders that `payment_status_of` calls `word`, made from the same rule, for the database.

    Of all orders, the payments' index finds the few that wait for something; `one_by_one` is for few orders, each of which is asked.
    Every order is placed with its one payment, so one without any, which only a hand could make, is found by no word.
    """
    found: dict[str, list[str]] = {}
    for status in PaymentStatus.values:
        for exception in ["", *PaymentException.values]:
            if _word(status, exception) == word:
                found.setdefault(status, []).append(exception)
    if not found:
        return Q(pk__in=[])
    if one_by_one:
        # The alternative that is never true keeps the joins outer ones: the database has to begin with the orders.
        return _in_states("payment_links__payment", found) | Q(pk__in=[])
    return Q(pk__in=OrderPayment.objects.filter(_in_states("payment", found)).order_by().values("order_id"))


def _in_states(payment: str, found: Mapping[str, Sequence[str]]) -> Q:
    states = (Q(**{f"{payment}__status": status, f"{payment}__exception__in": some}) for status, some in found.items())
    return reduce(or_, states)


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
