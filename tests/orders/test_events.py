"""An order's story: each state it went through, once, in order, with ids that grow; the last says how it stands."""

import json
from datetime import timedelta

import pytest
from django.db.models import F

from cryptons import clock
from cryptons.errors import NotFound
from cryptons.streams.answer import unseen
from orders.events import feed
from orders.models import Order
from orders.services import cancel_order, clear_attention, deliver, ship
from payments.models import Payment
from tests.factories import OrderFactory, StaffFactory
from tests.orders.steps import payment_for, place, tell

pytestmark = pytest.mark.django_db


def told(order, last_id=""):
    return [short(event) for event in unseen(feed.story(order.pk), last_id)]


def short(event):
    said = json.loads(event.data)
    payment = said["payment"]
    return said["status"], said["paymentStatus"], payment["status"], payment["confirmations"]


def newest_id(order):
    return str(feed.story(order.pk).events[-1].id)


def test_an_event_says_how_the_order_stands():
    order = tell(place(), "seen", "underpaid", received=600)
    (event,) = unseen(feed.story(order.pk), "")
    assert json.loads(event.data) == {
        "orderId": str(order.pk),
        "status": "pending",
        "paymentStatus": "partial",
        "payment": {"status": "seen", "exception": "underpaid", "confirmations": 0, "receivedBaseUnits": 600},
    }
    assert event.name == "order"


def test_whoever_was_away_is_told_each_status_since_and_none_before():
    order = place()
    first = newest_id(order)
    tell(order, "seen", received=100_000)
    seen = newest_id(order)
    tell(order, "settled", received=100_000, confirmations=1)
    staff = StaffFactory()
    ship(order_id=order.pk, actor=staff)
    deliver(order_id=order.pk, actor=staff)
    later = [
        ("processing", "paid", "settled", 1),
        ("shipped", "paid", "settled", 1),
        ("delivered", "paid", "settled", 1),
    ]
    assert told(order, first) == [("pending", "confirming", "seen", 0), *later]
    assert told(order, seen) == later
    assert told(order, newest_id(order)) == []
    assert told(order) == later[-1:]


def test_ids_grow_with_every_change_and_stay_as_they_are_without_one():
    order = place()
    ids = [newest_id(order)]
    for status, confirmations in (("seen", 0), ("seen", 1), ("settled", 2)):
        Payment.objects.filter(order_link__order=order).update(version=F("version") + 1, updated_at=clock.now())
        tell(order, status, received=100_000, confirmations=confirmations)
        ids += [newest_id(order), newest_id(order)]
    assert ids[1::2] == ids[2::2]
    assert [int(one) for one in ids[::2]] == sorted({int(one) for one in ids})


def test_confirmations_alone_are_told_though_they_stand_in_no_history():
    order = place()
    tell(order, "seen", received=100_000)
    seen, mark = newest_id(order), feed.marks([order.pk])
    Payment.objects.filter(order_link__order=order).update(
        confirmations=1, version=F("version") + 1, updated_at=clock.now()
    )
    assert feed.marks([order.pk]) != mark
    assert told(order, seen) == [("pending", "confirming", "seen", 1)]


def test_a_state_that_comes_back_is_told_again():
    order = place()
    tell(order, "seen", received=100_000)
    seen = newest_id(order)
    tell(order, "new")
    gone = newest_id(order)
    tell(order, "seen", received=100_000)
    assert told(order, seen) == [("pending", "unpaid", "new", 0), ("pending", "confirming", "seen", 0)]
    assert told(order, gone) == [("pending", "confirming", "seen", 0)]


def test_what_one_transaction_did_is_one_event():
    order = place()
    first = newest_id(order)
    tell(order, "expired")
    assert told(order, first) == [("cancelled", "expired", "expired", 0)]
    other = place()
    first = newest_id(other)
    cancel_order(order_id=other.pk, actor=None)
    assert told(other, first) == [("cancelled", "expired", "expired", 0)]


def test_what_only_staff_know_is_no_event():
    order = tell(place(), "expired", "underpaid", received=10)
    before = told(order, "1")
    assert Order.objects.get(pk=order.pk).attention
    clear_attention(order_id=order.pk, actor=StaffFactory())
    assert told(order, "1") == before


@pytest.mark.parametrize("last_id", ["", "nonsense", "-1", "1" * 30, "9" * 16, "１２"])
def test_whoever_names_no_event_of_this_order_is_told_how_it_stands(last_id):
    assert told(place(), last_id) == [("pending", "unpaid", "new", 0)]


def test_what_was_written_lately_is_found_by_the_order_and_by_its_payment(django_assert_num_queries):
    orders = [place() for _ in range(4)]
    long_ago = clock.now() - timedelta(hours=1)
    Order.objects.update(updated_at=long_ago)
    Payment.objects.update(updated_at=long_ago)
    assert feed.written() == set()
    Order.objects.filter(pk=orders[0].pk).update(updated_at=clock.now())
    Payment.objects.filter(order_link__order=orders[1]).update(updated_at=clock.now())
    with django_assert_num_queries(2):
        assert feed.written() == {orders[0].pk, orders[1].pk}
    with django_assert_num_queries(1):
        assert set(feed.marks([one.pk for one in orders])) == {one.pk for one in orders}


def test_an_order_without_a_payment_and_one_that_is_not_there():
    bare = OrderFactory()
    (event,) = feed.story(bare.pk).events
    assert json.loads(event.data)["payment"] is None
    with pytest.raises(NotFound):
        feed.story(payment_for(place()).pk)
