"""What endpoints are told of an order and its payment."""

import json
from decimal import Decimal

import pytest
from django.db import transaction

from cryptons.errors import InvalidTransition
from orders.models import Order, WebhookDelivery
from orders.services import cancel_order, deliver, ship
from tests.factories import ProductFactory, StaffFactory, TransferFactory
from tests.orders.endpoints import endpoint, events
from tests.orders.steps import payment_for, place, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _private_is_allowed(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True


def test_each_change_of_an_order_and_its_payment_is_told():
    endpoint()
    order = place()
    tell(order, "seen", "underpaid", received=50_000)
    tell(order, "seen", received=100_000)
    tell(order, "new")
    tell(order, "seen", received=100_000)
    tell(order, "settled", received=100_000, confirmations=1)
    tell(order, "seen", received=100_000)
    tell(order, "settled", received=100_000, confirmations=1)
    ship(order_id=order.pk, actor=StaffFactory())
    deliver(order_id=order.pk, actor=StaffFactory())
    assert events() == [
        "order.created",
        "payment.partial",
        "payment.seen",
        "payment.reverted",
        "payment.seen",
        "payment.settled",
        "order.processing",
        "payment.reverted",
        "payment.settled",
        "order.shipped",
        "order.delivered",
    ]
    assert list(WebhookDelivery.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, 12))


@pytest.mark.parametrize(
    ("status", "exception", "received", "told"),
    [
        ("expired", "", 0, ["payment.expired", "order.cancelled"]),
        ("expired", "underpaid", 50_000, ["payment.partial"]),
        ("expired", "late", 100_000, ["payment.late"]),
        ("invalid", "", 0, ["payment.invalid", "order.cancelled"]),
        ("settled", "overpaid", 200_000, ["payment.settled", "order.processing"]),
    ],
)
def test_what_goes_wrong_with_a_payment_is_told(status, exception, received, told):
    endpoint()
    tell(place(), status, exception, received=received)
    assert events() == ["order.created", *told]


def test_more_confirmations_alone_are_no_news():
    endpoint()
    order = place()
    for confirmations in range(4):
        tell(order, "seen", received=100_000, confirmations=confirmations)
    assert events() == ["order.created", "payment.seen"]


def test_the_body_is_the_order_as_it_was_then():
    endpoint()
    order = place((ProductFactory(price=60, sku="TEA-1"), 1))
    TransferFactory(payment=payment_for(order), txid="ab" * 32, state="confirmed", confirmations=1)
    tell(order, "settled", received=100_000, confirmations=1)
    ship(order_id=order.pk, actor=StaffFactory(), tracking_number="RR1")
    rows = {row.event: row for row in WebhookDelivery.objects.all()}
    body = json.loads(rows["payment.settled"].body, parse_float=Decimal)
    data = body["data"]
    assert {name: body[name] for name in ("id", "event", "sequence")} == {
        "id": str(rows["payment.settled"].event_id),
        "event": "payment.settled",
        "sequence": 2,
    }
    assert body["createdAt"].endswith("Z")
    assert (data["orderId"], data["orderNumber"], "id" in data) == (str(order.pk), order.number, False)
    assert (data["status"], data["paymentStatus"], data["transactionHash"]) == ("pending", "paid", "ab" * 32)
    assert (data["totalAmount"], data["items"][0]["sku"]) == (Decimal("60.00"), "TEA-1")
    assert (data["payment"]["amount"], data["payment"]["amountBaseUnits"]) == (Decimal("0.001"), 100_000)
    assert '"amount":0.00100000' in rows["payment.settled"].body
    assert json.loads(rows["order.created"].body)["data"]["paymentStatus"] == "unpaid"
    assert json.loads(rows["order.shipped"].body)["data"]["trackingNumber"] == "RR1"
    for row in rows.values():
        assert "key=" not in row.body
        assert "secret" not in row.body


def test_an_endpoint_is_told_what_it_wants_while_it_is_switched_on():
    endpoint(events=["order.shipped", "order.cancelled"])
    endpoint(is_active=False)
    order = place()
    cancel_order(order_id=order.pk, actor=None)
    assert events() == ["order.cancelled"]


def test_two_endpoints_are_told_of_one_event_by_the_same_id():
    endpoint(), endpoint()
    place()
    first, second = WebhookDelivery.objects.all()
    assert (first.event_id, first.body, first.sequence) == (second.event_id, second.body, second.sequence)
    assert first.endpoint_id != second.endpoint_id


def test_what_is_taken_back_is_not_told():
    endpoint()
    staff = StaffFactory()

    def place_and_fail():
        with transaction.atomic():
            ship(order_id=place().pk, actor=staff)

    with pytest.raises(InvalidTransition):
        place_and_fail()
    assert events() == []


def test_without_endpoints_nothing_is_written():
    assert (place().webhook_sequence, events()) == (0, [])
    assert Order.objects.get().webhook_sequence == 0
