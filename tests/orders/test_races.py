"""What many do at the same moment."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.db.models import F

from cryptons.errors import DomainError, InvalidTransition, OutOfStock
from orders.models import Order, OutboxMessage
from orders.services import cancel_order
from orders.status import OrderStatus
from payments.models import Payment
from tests.factories import ProductFactory
from tests.orders.steps import payment_for, place, stock_of, tell

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run `calls` in threads that start together; return what each returned or the DomainError it raised."""
    start, results = Barrier(len(calls)), [None] * len(calls)

    def run(index, call):
        start.wait()
        try:
            results[index] = call()
        except DomainError as error:
            results[index] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_forty_buyers_of_ten_pieces_make_exactly_ten_orders():
    product = ProductFactory(stock=10)
    results = at_once(*[lambda: place((product, 1))] * 40)
    assert sum(isinstance(result, Order) for result in results) == 10
    assert sum(isinstance(result, OutOfStock) for result in results) == 30
    assert stock_of(product) == 0
    assert (Order.objects.count(), Payment.objects.count(), OutboxMessage.objects.count()) == (10, 10, 10)


def test_a_double_click_makes_one_order():
    product = ProductFactory(stock=1)
    results = at_once(*[lambda: place((product, 1), checkout_key="same")] * 8)
    assert {result.pk for result in results} == {Order.objects.get().pk}
    assert stock_of(product) == 0


def test_an_order_cancelled_many_times_at_once_returns_its_pieces_once():
    product = ProductFactory(stock=5)
    order = place((product, 3))
    results = at_once(*[lambda: cancel_order(order_id=order.pk, actor=None)] * 6)
    assert sum(isinstance(result, Order) for result in results) == 1
    assert sum(isinstance(result, InvalidTransition) for result in results) == 5
    assert stock_of(product) == 5


@pytest.mark.parametrize("_", range(5))
def test_either_the_cancellation_or_the_expiry_wins(_):
    product = ProductFactory(stock=5)
    order = place((product, 3))
    at_once(lambda: cancel_order(order_id=order.pk, actor=None), lambda: tell(order, "expired"))
    assert Order.objects.get(pk=order.pk).status == OrderStatus.CANCELLED
    assert order.outbox.exclude(topic="received").count() == 1
    assert stock_of(product) == 5


@pytest.mark.parametrize("_", range(5))
def test_either_the_cancellation_or_the_money_wins(_):
    product = ProductFactory(stock=5)
    order = place((product, 3))

    def money():
        # As the ledger writes: whoever holds the payment by its version finds that somebody was there.
        new = Payment.objects.filter(pk=payment_for(order).pk, status="new")
        claimed = new.update(status="seen", version=F("version") + 1)
        if claimed:
            tell(order, "settled", received=75_000)
        return bool(claimed)

    cancelled, paid = at_once(lambda: cancel_order(order_id=order.pk, actor=None), money)
    assert isinstance(cancelled, Order) != paid
    status = Order.objects.get(pk=order.pk).status
    assert (status, stock_of(product)) == ((OrderStatus.PROCESSING, 2) if paid else (OrderStatus.CANCELLED, 5))
