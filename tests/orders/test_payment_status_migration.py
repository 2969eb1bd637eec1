"""Orders of an earlier version learn how far they are paid."""

from importlib import import_module

import pytest
from django.apps import apps

from orders.models import Order
from tests.factories import OrderPaymentFactory, PaymentFactory
from tests.orders.steps import place, tell

STATES = [
    ("new", ""),
    ("seen", "underpaid"),
    ("seen", ""),
    ("settled", ""),
    ("settled", "overpaid"),
    ("expired", "late"),
]


@pytest.mark.django_db
def test_the_word_of_each_order_is_read_from_its_newest_payment():
    expected = {}
    for status, exception in STATES:
        order = tell(place(), status, exception)
        expected[order.pk] = order.payment_status
    again = tell(place(), "expired")
    OrderPaymentFactory(order=again, payment=PaymentFactory(status="settled"))
    expected[again.pk] = "paid"
    Order.objects.update(payment_status="refunded")
    import_module("orders.migrations.0002_payment_status").read_from_payments(apps, None)
    assert dict(Order.objects.values_list("pk", "payment_status")) == expected
