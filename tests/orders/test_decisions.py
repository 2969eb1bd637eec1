from datetime import timedelta

import pytest

from cryptons import clock
from cryptons.db import uuid7
from cryptons.errors import Forbidden, InvalidInput, InvalidTransition, NotFound, OutOfStock
from orders import attention
from orders.models import Order
from orders.services import (
    accept_payment,
    ask_for_rest,
    cancel_order,
    clear_attention,
    decisions,
    deliver,
    ship,
)
from orders.status import OrderStatus
from payments.models import Payment
from shop.models import Product
from tests.factories import ProductFactory, StaffFactory, TransferFactory, UserFactory
from tests.orders.steps import payment_for, place, stock_of, tell, topics

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    return ProductFactory(price=60, stock=5)


@pytest.fixture
def order(product):
    return place((product, 2))


@pytest.fixture
def staff():
    return StaffFactory()


def state(order):
    """Return all that a refusal must leave as it was."""
    order = Order.objects.get(pk=order.pk)
    stock = list(Product.objects.order_by("pk").values_list("stock", flat=True))
    return order.status, order.stock_held, order.attention, order.events.count(), topics(order), stock


def money_came(order, received, *, late=False):
    """Let a transfer exist that the payment can be evaluated from again."""
    payment = payment_for(order)
    when = payment.expires_at + timedelta(minutes=5) if late else payment.created_at
    TransferFactory(payment=payment, amount=received, confirmations=6, state="confirmed", seen_at=when)
    Payment.objects.filter(pk=payment.pk).update(expires_at=clock.now() - timedelta(minutes=1))


class TestCancelling:
    def test_the_buyer_cancels_while_nothing_was_paid(self, order, product):
        order = cancel_order(order_id=order.pk, actor=None)
        assert (order.status, order.stock_held, order.attention) == (OrderStatus.CANCELLED, False, "")
        assert topics(order) == ["received", "cancelled"]
        assert stock_of(product) == 5
        assert payment_for(order).expires_at <= clock.now()

    def test_a_second_try_is_refused_and_returns_nothing_again(self, order, product):
        cancel_order(order_id=order.pk, actor=None)
        before = state(order)
        with pytest.raises(InvalidTransition):
            cancel_order(order_id=order.pk, actor=None)
        assert state(order) == before
        assert stock_of(product) == 5

    @pytest.mark.parametrize(("status", "exception"), [("seen", ""), ("expired", "underpaid"), ("expired", "late")])
    def test_the_buyer_cannot_cancel_once_money_was_seen(self, order, status, exception):
        buyer = UserFactory()
        Order.objects.filter(pk=order.pk).update(user=buyer)
        tell(order, status, exception, received=40_000)
        before = state(order)
        with pytest.raises(InvalidTransition):
            cancel_order(order_id=order.pk, actor=buyer)
        assert state(order) == before

    def test_the_buyer_cannot_cancel_what_is_paid(self, order):
        tell(order, "settled", received=200_000)
        before = state(order)
        with pytest.raises(InvalidTransition):
            cancel_order(order_id=order.pk, actor=None)
        assert state(order) == before

    def test_staff_without_that_right_are_buyers_like_others(self, order):
        member = UserFactory(is_staff=True)
        Order.objects.filter(pk=order.pk).update(user=member)
        tell(order, "settled", received=200_000)
        before = state(order)
        with pytest.raises(InvalidTransition):
            cancel_order(order_id=order.pk, actor=member)
        assert state(order) == before

    @pytest.mark.parametrize("is_staff", [False, True])
    def test_nobody_cancels_somebody_elses_order(self, order, is_staff):
        before = state(order)
        with pytest.raises(Forbidden):
            cancel_order(order_id=order.pk, actor=UserFactory(is_staff=is_staff))
        assert state(order) == before

    def test_staff_cancel_what_was_paid_short_and_are_reminded_of_the_money(self, order, product, staff):
        tell(order, "expired", "underpaid", received=40_000)
        order = cancel_order(order_id=order.pk, actor=staff, reason="The buyer asked for it")
        assert (order.status, order.attention) == (OrderStatus.CANCELLED, attention.CANCELLED_WITH_MONEY)
        assert order.events.filter(message="Reason: The buyer asked for it", actor=staff).count() == 1
        assert stock_of(product) == 5

    def test_staff_cancel_what_is_paid_but_not_what_is_shipped(self, order, staff):
        tell(order, "settled", received=200_000)
        other = place()
        tell(other, "settled", received=payment_for(other).amount)
        assert cancel_order(order_id=order.pk, actor=staff).attention == attention.CANCELLED_WITH_MONEY
        ship(order_id=other.pk, actor=staff)
        with pytest.raises(InvalidTransition):
            cancel_order(order_id=other.pk, actor=staff)

    def test_staff_wait_for_a_payment_that_is_on_its_way(self, order, staff):
        tell(order, "seen", received=200_000)
        with pytest.raises(InvalidTransition):
            cancel_order(order_id=order.pk, actor=staff)


class TestShipping:
    def test_a_paid_order_is_shipped_and_delivered(self, order, staff):
        tell(order, "settled", received=200_000)
        order = ship(order_id=order.pk, actor=staff, tracking_number=" RR123456785PT ")
        assert (order.status, order.tracking_number) == (OrderStatus.SHIPPED, "RR123456785PT")
        assert topics(order)[-1] == "shipped"
        assert deliver(order_id=order.pk, actor=staff).status == OrderStatus.DELIVERED
        assert Order.objects.get(pk=order.pk).status == OrderStatus.DELIVERED

    @pytest.mark.parametrize("status", ["new", "seen", "expired", "invalid"])
    def test_it_is_refused_without_a_settled_payment(self, order, staff, status):
        tell(order, "settled", received=200_000)
        tell(order, status, received=0)
        before = state(order)
        with pytest.raises(InvalidTransition):
            ship(order_id=order.pk, actor=staff)
        assert state(order) == before

    def test_it_is_refused_before_payment_and_a_second_time(self, order, staff):
        with pytest.raises(InvalidTransition):
            ship(order_id=order.pk, actor=staff)
        tell(order, "settled", received=200_000)
        ship(order_id=order.pk, actor=staff)
        before = state(order)
        with pytest.raises(InvalidTransition):
            ship(order_id=order.pk, actor=staff)
        assert state(order) == before

    def test_it_is_refused_when_the_payment_came_undone_after_the_order_was_read(self, order, staff, monkeypatch):
        tell(order, "settled", received=200_000)
        stale = payment_for(order)

        def undone_meanwhile(*, order):
            tell(order, "seen", received=200_000)
            return stale

        monkeypatch.setattr("orders.services.decisions.payment_of", undone_meanwhile)
        with pytest.raises(InvalidTransition, match="changed in the meantime"):
            ship(order_id=order.pk, actor=staff)
        assert Order.objects.get(pk=order.pk).status == OrderStatus.PROCESSING

    def test_a_tracking_number_has_a_length(self, order, staff):
        tell(order, "settled", received=200_000)
        with pytest.raises(InvalidInput):
            ship(order_id=order.pk, actor=staff, tracking_number="x" * 121)

    def test_only_what_was_shipped_is_delivered(self, order, staff):
        with pytest.raises(InvalidTransition):
            deliver(order_id=order.pk, actor=staff)


class TestAccepting:
    def test_a_short_payment_is_taken_as_enough(self, order, staff):
        money_came(order, 150_000)
        tell(order, "expired", "underpaid", received=150_000)
        order = accept_payment(order_id=order.pk, actor=staff)
        assert (order.status, order.attention) == (OrderStatus.PROCESSING, "")
        assert topics(order)[-1] == "payment-confirmed"

    def test_late_money_brings_a_cancelled_order_back_with_its_pieces(self, order, product, staff):
        tell(order, "expired")
        money_came(order, 200_000, late=True)
        tell(order, "expired", "late", received=200_000)
        assert stock_of(product) == 5
        order = accept_payment(order_id=order.pk, actor=staff)
        assert (order.status, order.stock_held, order.attention) == (OrderStatus.PROCESSING, True, "")
        assert stock_of(product) == 3
        assert topics(order) == ["received", "expired", "payment-late", "payment-confirmed"]

    def test_it_is_refused_when_the_pieces_are_gone(self, order, product, staff):
        tell(order, "expired")
        money_came(order, 200_000, late=True)
        tell(order, "expired", "late", received=200_000)
        place((product, 4))
        before = state(order)
        with pytest.raises(OutOfStock):
            accept_payment(order_id=order.pk, actor=staff)
        assert state(order) == before
        assert payment_for(order).accepted_at is None

    def test_money_that_was_counted_after_the_cancellation_brings_the_order_back_too(self, order, product, staff):
        cancel_order(order_id=order.pk, actor=None)
        order = tell(order, "settled", received=200_000)
        assert order.attention == attention.CANCELLED_WITH_MONEY
        order = accept_payment(order_id=order.pk, actor=staff)
        assert (order.status, order.stock_held) == (OrderStatus.PROCESSING, True)
        assert stock_of(product) == 3

    def test_it_is_refused_where_the_payment_changes_at_the_same_moment(self, order, staff, monkeypatch):
        cancel_order(order_id=order.pk, actor=None)
        tell(order, "settled", received=200_000)
        before, read = state(order), decisions.payment_of

        def and_then_the_block_is_undone(*, order):
            payment = read(order=order)
            tell(order, "seen", received=200_000)
            return payment

        monkeypatch.setattr(decisions, "payment_of", and_then_the_block_is_undone)
        with pytest.raises(InvalidTransition, match="changed in the meantime"):
            accept_payment(order_id=order.pk, actor=staff)
        assert state(order) == before

    def test_it_is_refused_where_nothing_came_or_nothing_is_open(self, order, staff):
        with pytest.raises(InvalidTransition):
            accept_payment(order_id=order.pk, actor=staff)
        tell(order, "settled", received=200_000)
        with pytest.raises(InvalidTransition):
            accept_payment(order_id=order.pk, actor=staff)


class TestAskingForTheRest:
    def test_the_payment_waits_longer_and_the_order_with_it(self, order, staff):
        money_came(order, 150_000)
        tell(order, "expired", "underpaid", received=150_000)
        order = ask_for_rest(order_id=order.pk, actor=staff)
        assert (order.status, order.attention) == (OrderStatus.PENDING, "")
        assert payment_for(order).expires_at > clock.now()
        assert topics(order)[-1] == "rest-asked"
        assert order.outbox.get(topic="rest-asked").payload["due"] == 50_000

    def test_it_is_refused_where_nothing_is_missing(self, order, staff):
        with pytest.raises(InvalidTransition):
            ask_for_rest(order_id=order.pk, actor=staff)
        tell(order, "settled", received=200_000)
        with pytest.raises(InvalidTransition):
            ask_for_rest(order_id=order.pk, actor=staff)


def test_attention_that_was_handled_stays_quiet_until_the_payment_changes(order, staff):
    tell(order, "settled", "overpaid", received=250_000)
    clear_attention(order_id=order.pk, actor=staff)
    assert tell(order, "settled", "overpaid", received=250_000, confirmations=9).attention == ""
    assert tell(order, "settled", "overpaid", received=300_000).attention == attention.OVERPAID
    assert order.events.filter(kind="handled", is_public=False, actor=staff).count() == 1


@pytest.mark.parametrize("service", [cancel_order, ship, deliver, accept_payment, ask_for_rest, clear_attention])
def test_an_unknown_order_is_not_found(service, staff):
    with pytest.raises(NotFound):
        service(order_id=uuid7(), actor=staff)


@pytest.mark.parametrize("service", [ship, deliver, accept_payment, ask_for_rest, clear_attention])
def test_only_staff_who_may_change_orders_take_these_steps(service, order):
    tell(order, "settled", received=200_000)
    before = state(order)
    for actor in (None, UserFactory(), UserFactory(is_staff=True)):
        with pytest.raises(Forbidden):
            service(order_id=order.pk, actor=actor)
    assert state(order) == before
