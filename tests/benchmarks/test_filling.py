"""The made-up store is one that could have come about."""

import pytest

from benchmarks.filling import fill
from benchmarks.large import measured
from orders.models import DaySales, Order
from orders.payment_status import payment_status_of
from orders.selectors import payment_of
from orders.services import add_up_sales, recount_sales, sweep
from orders.status import PAID
from shop.models import Product

pytestmark = pytest.mark.django_db


def test_a_made_up_store_is_whole():
    fill(products=20, orders=40)
    assert (Product.objects.count(), Order.objects.count()) == (20, 40)
    for order in Order.objects.all():
        assert order.total == sum(line.line_total for line in order.lines.all())
        assert order.payment_status == payment_status_of(payment_of(order=order))
    assert not sweep()
    recount_sales()
    assert add_up_sales() == 0
    assert sum(DaySales.objects.values_list("orders", flat=True)) == Order.objects.filter(status__in=PAID).count() > 0


def test_what_is_asked_is_counted_and_judged():
    row = measured("three", lambda: [list(Product.objects.all()) for _ in range(3)])
    assert (row.what, row.met) == ("three", True)
    assert row.figures.startswith("3 queries, the slowest ")
