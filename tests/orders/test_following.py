import pytest

from orders import attention
from orders.models import Order, OrderEvent
from orders.payment_listener import on_payment_update
from orders.services import moves
from orders.status import OrderStatus
from payments.seam import PaymentUpdate
from tests.factories import PaymentFactory, ProductFactory
from tests.orders.steps import payment_for, place, stock_of, tell, topics

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    return ProductFactory(price=60, stock=5)


@pytest.fixture
def order(product):
    """An order over 100,000 satoshi that holds one of five pieces."""
    return place((product, 1))


def test_a_seen_payment_is_told_and_moves_nothing(order):
    order = tell(order, "seen", received=100_000)
    assert (order.status, order.attention) == (OrderStatus.PENDING, "")
    assert topics(order) == ["received", "payment-seen"]
    assert order.outbox.get(topic="payment-seen").payload == {"received": 100_000, "due": 0, "txids": ["aa" * 32]}


def test_more_confirmations_of_the_same_money_are_no_news(order):
    for confirmations in (0, 1, 2):
        tell(order, "seen", received=100_000, confirmations=confirmations)
    assert order.events.filter(kind="payment").count() == 1
    assert topics(order) == ["received", "payment-seen"]


def test_a_raised_fee_is_told_once(order):
    tell(order, "seen", received=100_000)
    tell(order, "new")
    tell(order, "seen", received=100_000, txids=("bb" * 32,))
    assert topics(order) == ["received", "payment-seen"]
    assert order.events.filter(kind="payment").count() == 3


def test_a_settled_payment_starts_the_order(order, product):
    order = tell(order, "settled", received=100_000, confirmations=1)
    assert (order.status, order.stock_held, order.attention) == (OrderStatus.PROCESSING, True, "")
    assert topics(order) == ["received", "payment-confirmed"]
    assert stock_of(product) == 4


def test_the_same_news_twice_changes_nothing_more(order):
    for _ in range(2):
        tell(order, "settled", received=100_000)
    assert topics(order) == ["received", "payment-confirmed"]
    assert list(order.events.values_list("kind", flat=True)) == ["placed", "payment", "moved"]


@pytest.mark.parametrize(("status", "topic"), [("expired", "expired"), ("invalid", "invalid")])
def test_a_dead_payment_cancels_the_order_and_returns_its_pieces_once(order, product, status, topic):
    for _ in range(2):
        order = tell(order, status)
    assert (order.status, order.stock_held) == (OrderStatus.CANCELLED, False)
    assert topics(order) == ["received", topic]
    assert stock_of(product) == 5


def test_a_payment_that_is_short_at_the_end_waits_for_staff(order, product):
    tell(order, "seen", "underpaid", received=40_000)
    order = tell(order, "expired", "underpaid", received=40_000)
    assert (order.status, order.stock_held, order.attention) == (OrderStatus.PENDING, True, attention.UNDERPAID)
    assert stock_of(product) == 4
    assert topics(order) == ["received", "payment-seen", "payment-short"]
    assert order.outbox.get(topic="payment-short").payload["due"] == 60_000


def test_money_for_a_cancelled_order_calls_for_staff(order, product):
    tell(order, "expired")
    order = tell(order, "expired", "late", received=100_000)
    assert (order.status, order.attention) == (OrderStatus.CANCELLED, attention.CANCELLED_WITH_MONEY)
    assert topics(order) == ["received", "expired", "payment-late"]
    assert stock_of(product) == 5


def test_money_that_was_late_before_the_order_was_cancelled_waits_for_staff(order, product):
    order = tell(order, "expired", "late", received=100_000)
    assert (order.status, order.attention) == (OrderStatus.PENDING, attention.LATE)
    assert stock_of(product) == 4


def test_too_much_goes_on_and_is_shown_to_staff(order):
    order = tell(order, "settled", "overpaid", received=150_000)
    assert (order.status, order.attention) == (OrderStatus.PROCESSING, attention.OVERPAID)


@pytest.mark.parametrize(("status", "received"), [("seen", 100_000), ("new", 0), ("expired", 0), ("invalid", 0)])
def test_a_settled_payment_that_comes_undone_calls_for_staff_until_it_is_settled_again(order, status, received):
    tell(order, "settled", received=100_000)
    order = tell(order, status, received=received)
    assert (order.status, order.attention) == (OrderStatus.PROCESSING, attention.UNSETTLED)
    order = tell(order, "settled", received=100_000)
    assert (order.status, order.attention) == (OrderStatus.PROCESSING, "")
    assert topics(order) == ["received", "payment-confirmed"]


def test_the_timeline_says_what_was_seen(order):
    tell(order, "seen", received=100_000)
    tell(order, "settled", received=100_000)
    tell(order, "seen", received=100_000)
    assert list(order.events.values_list("message", flat=True)) == [
        "Order placed.",
        "Payment of 0.00100000 BTC seen, waiting for confirmation.",
        "Payment of 0.00100000 BTC confirmed.",
        "The order is being prepared.",
        "The payment lost its confirmations and waits for them again.",
    ]


def test_a_payment_without_an_order_is_ignored():
    payment = PaymentFactory()
    on_payment_update(PaymentUpdate(payment.pk, "new", "settled", "", 100_000, 0, 1))
    assert OrderEvent.objects.count() == 0


def test_the_end_of_a_cancelled_orders_payment_is_no_news(order):
    tell(order, "expired")
    tell(order, "invalid")
    assert order.events.filter(kind="payment").count() == 1
    assert payment_for(order).status == "invalid"


def test_money_for_a_cancelled_order_that_vanishes_needs_nobody(order):
    tell(order, "expired")
    tell(order, "expired", "late", received=100_000)
    order = tell(order, "invalid")
    assert (order.status, order.attention) == (OrderStatus.CANCELLED, "")


def test_money_that_meets_an_order_cancelled_at_the_same_moment_is_shown_to_staff(order, monkeypatch):
    original = moves.guarded_update

    def overtaken(rows, **changes):
        if changes.get("status") == OrderStatus.PROCESSING:
            Order.objects.filter(pk=order.pk).update(status=OrderStatus.CANCELLED)
        return original(rows, **changes)

    monkeypatch.setattr(moves, "guarded_update", overtaken)
    order = tell(order, "settled", received=100_000)
    assert (order.status, order.attention) == (OrderStatus.CANCELLED, attention.CANCELLED_WITH_MONEY)
    assert "payment-confirmed" not in topics(order)
