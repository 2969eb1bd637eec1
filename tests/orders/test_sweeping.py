from datetime import timedelta

import pytest
from django.core.management import call_command

from cryptons import clock
from cryptons.errors import PaymentMethodUnavailable
from orders import attention
from orders.models import Order, OrderPayment
from orders.services import SweepReport, moves, sweep, sweeping
from orders.status import OrderStatus
from payments.models import Payment, PaymentOption
from tests.factories import OrderFactory, PaymentOptionFactory, ProductFactory
from tests.orders.steps import payment_for, place, stock_of, tell, topics

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    return ProductFactory(price=60, stock=5)


@pytest.fixture
def order(product):
    order = place((product, 2))
    PaymentOptionFactory(payment=payment_for(order))
    return order


def again(order):
    return Order.objects.get(pk=order.pk)


def test_there_is_nothing_to_do_where_nothing_broke(order):
    assert sweep() == SweepReport()
    assert not sweep()


def test_pieces_of_a_cancelled_order_go_back_once(order, product):
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.CANCELLED)
    assert sweep() == SweepReport(stock_returned=1)
    assert sweep() == SweepReport()
    assert stock_of(product) == 5


def test_two_sweepers_that_found_the_same_order_put_its_pieces_back_once(order, product):
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.CANCELLED)
    one, other = again(order), again(order)
    assert [moves.release_stock(one), moves.release_stock(other)] == [True, False]
    assert stock_of(product) == 5


def test_an_order_that_nobody_can_pay_is_cancelled_after_a_minute(order, product):
    OrderPayment.objects.all().delete()
    assert sweep() == SweepReport()
    Order.objects.filter(pk=order.pk).update(created_at=clock.now() - timedelta(minutes=2))
    assert sweep() == SweepReport(unpayable_cancelled=1)
    assert (again(order).status, stock_of(product)) == (OrderStatus.CANCELLED, 5)


@pytest.mark.parametrize(
    ("status", "becomes", "topic", "stock"),
    [
        ("settled", OrderStatus.PROCESSING, "payment-confirmed", 3),
        ("expired", OrderStatus.CANCELLED, "expired", 5),
        ("invalid", OrderStatus.CANCELLED, "invalid", 5),
    ],
)
def test_an_order_that_missed_what_its_payment_became_follows(order, product, status, becomes, topic, stock):
    Payment.objects.update(status=status)
    assert sweep() == SweepReport(brought_into_step=1)
    assert sweep() == SweepReport()
    assert (again(order).status, topics(order)[-1], stock_of(product)) == (becomes, topic, stock)


def test_a_paid_order_whose_payment_came_undone_is_shown_to_staff(order):
    Payment.objects.update(status="settled", received=200_000)
    sweep()
    Payment.objects.update(status="new", received=0)
    assert sweep() == SweepReport(brought_into_step=1)
    assert again(order).attention == attention.UNSETTLED


def test_what_the_payment_became_while_the_sweeper_read_it_is_not_written_over(order, monkeypatch):
    Payment.objects.update(status="settled", received=200_000)
    read = sweeping.payment_of

    def and_then_the_block_is_undone(*, order):
        payment = read(order=order)
        tell(order, "seen", received=200_000)
        return payment

    monkeypatch.setattr(sweeping, "payment_of", and_then_the_block_is_undone)
    assert sweep() == SweepReport()
    assert (again(order).status, again(order).payment_status) == (OrderStatus.PENDING, "confirming")
    assert topics(order) == ["received", "payment-seen"]
    assert order.events.filter(kind="payment").count() == 1


def test_a_payment_without_an_address_gets_one(order, node):
    PaymentOption.objects.all().delete()
    assert sweep() == SweepReport()
    Payment.objects.update(created_at=clock.now() - timedelta(seconds=30))
    assert sweep() == SweepReport(addresses_made=1)
    assert PaymentOption.objects.get().payment == payment_for(order)


def test_a_node_that_is_gone_is_asked_once_a_round(order, monkeypatch):
    place()
    PaymentOption.objects.all().delete()
    Payment.objects.update(created_at=clock.now() - timedelta(seconds=30))
    asked = []

    def gone(*, payment_id):
        asked.append(payment_id)
        raise PaymentMethodUnavailable("The node does not answer.")

    monkeypatch.setattr(sweeping.payments, "provision", gone)
    assert sweep() == SweepReport()
    assert len(asked) == 1


def test_the_command_says_what_was_done(order, capsys):
    call_command("sweep")
    assert "nothing" in capsys.readouterr().out
    OrderFactory(status=OrderStatus.CANCELLED, stock_held=True)
    call_command("sweep")
    assert "Pieces of 1 cancelled orders" in capsys.readouterr().out


def test_one_order_that_resists_holds_up_no_other(order, product, monkeypatch):
    broken, sound = (OrderFactory(status=OrderStatus.CANCELLED, stock_held=True) for _ in range(2))
    release = sweeping.release_stock

    def stubborn(one):
        if one.pk == broken.pk:
            raise ZeroDivisionError
        return release(one)

    monkeypatch.setattr(sweeping, "release_stock", stubborn)
    assert sweep() == SweepReport(stock_returned=1)
    assert (again(broken).stock_held, again(sound).stock_held) == (True, False)
