"""Orders, their payments and the chain together: the sandbox node over HTTP, the watcher, the listener."""

from datetime import timedelta

import pytest

from cryptons import clock
from cryptons.errors import InvalidTransition, OutOfStock
from cryptons.money import to_btc
from orders import attention
from orders.models import Order
from orders.services import accept_payment, ask_for_rest, cancel_order, ship
from orders.status import OrderStatus
from payments.models import Payment, Transfer
from payments.services import provision
from payments.watcher import tick
from tests.factories import ProductFactory, StaffFactory
from tests.orders.steps import payment_for, place, stock_of, topics

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    return ProductFactory(price=60, stock=5)


@pytest.fixture
def order(node, product):
    """Two of five pieces, for 200,000 satoshi, with the address to pay to."""
    order = place((product, 2))
    provision(payment_id=payment_for(order).pk)
    tick()
    return order


@pytest.fixture
def staff():
    return StaffFactory()


def pay(node, order, satoshi):
    address = payment_for(order).options.get().address
    node.rpc("sendtoaddress", address, str(to_btc(satoshi)), wallet="customer")
    return look(order)


def mine(node, order, blocks=1):
    mined = node.rpc("generatetoaddress", blocks, node.rpc("getnewaddress", wallet="customer"))
    look(order)
    return mined


def look(order):
    tick()
    return Order.objects.get(pk=order.pk)


def time_is_up(order):
    """Let the payment have expired five seconds ago; what is on the chain by now came before."""
    Transfer.objects.update(seen_at=clock.now() - timedelta(minutes=1))
    Payment.objects.filter(order_link__order=order).update(
        expires_at=clock.now() - timedelta(seconds=5), watch_at=clock.now() - timedelta(seconds=5)
    )
    return look(order)


def test_a_payment_is_seen_confirmed_and_starts_the_order(node, order, product):
    assert pay(node, order, 200_000).status == OrderStatus.PENDING
    mine(node, order)
    order.refresh_from_db()
    assert (order.status, order.attention, stock_of(product)) == (OrderStatus.PROCESSING, "", 3)
    assert topics(order) == ["received", "payment-seen", "payment-confirmed"]


def test_an_unpaid_order_expires_and_gives_its_pieces_back(node, order, product):
    assert time_is_up(order).status == OrderStatus.CANCELLED
    assert (topics(order), stock_of(product)) == (["received", "expired"], 5)


def test_money_after_a_cancellation_waits_for_staff_who_take_the_order_up_again(node, order, product, staff):
    cancel_order(order_id=order.pk, actor=None)
    order = pay(node, order, 200_000)
    assert (order.status, order.attention) == (OrderStatus.CANCELLED, attention.CANCELLED_WITH_MONEY)
    order = accept_payment(order_id=order.pk, actor=staff)
    assert (order.status, order.stock_held, stock_of(product)) == (OrderStatus.PENDING, True, 3)
    mine(node, order)
    order.refresh_from_db()
    assert (order.status, order.attention) == (OrderStatus.PROCESSING, "")


def test_late_money_cannot_bring_back_what_was_sold_to_others(node, order, product, staff):
    time_is_up(order)
    pay(node, order, 200_000)
    mine(node, order)
    place((product, 4))
    with pytest.raises(OutOfStock):
        accept_payment(order_id=order.pk, actor=staff)
    order.refresh_from_db()
    assert (order.status, order.stock_held, stock_of(product)) == (OrderStatus.CANCELLED, False, 1)
    assert order.attention == attention.CANCELLED_WITH_MONEY
    assert payment_for(order).accepted_at is None


def test_a_short_payment_is_completed_when_asked_for_the_rest(node, order, product, staff):
    pay(node, order, 150_000)
    order = time_is_up(order)
    assert (order.status, order.attention, stock_of(product)) == (OrderStatus.PENDING, attention.UNDERPAID, 3)
    order = ask_for_rest(order_id=order.pk, actor=staff)
    assert order.attention == ""
    pay(node, order, 50_000)
    mine(node, order)
    order.refresh_from_db()
    assert (order.status, order.attention) == (OrderStatus.PROCESSING, "")


def test_a_short_payment_is_taken_as_enough_by_staff(node, order, staff):
    pay(node, order, 150_000)
    mine(node, order)
    time_is_up(order)
    order = accept_payment(order_id=order.pk, actor=staff)
    assert (order.status, order.attention) == (OrderStatus.PROCESSING, "")


def test_a_reorganisation_stops_the_parcel_until_the_payment_is_confirmed_again(node, order, staff):
    pay(node, order, 200_000)
    (block,) = mine(node, order)
    node.rpc("invalidateblock", block)
    order = look(order)
    assert (order.status, order.attention) == (OrderStatus.PROCESSING, attention.UNSETTLED)
    with pytest.raises(InvalidTransition):
        ship(order_id=order.pk, actor=staff)
    mine(node, order, 2)
    order.refresh_from_db()
    assert order.attention == ""
    assert ship(order_id=order.pk, actor=staff).status == OrderStatus.SHIPPED


def test_looking_again_and_again_tells_nothing_twice(node, order):
    pay(node, order, 200_000)
    mine(node, order)
    before = topics(order), order.events.count()
    for _ in range(3):
        look(order)
    mine(node, order, 3)
    assert (topics(order), order.events.count()) == before
