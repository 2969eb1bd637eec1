"""Cancelling and moving orders on over the API."""

import pytest

from orders import attention
from orders.models import Order
from tests.api.buying import stock, world
from tests.factories import ProductFactory, UserFactory
from tests.orders.steps import place, tell

UNKNOWN = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
def order(user):
    """Two of five pieces, for 200,000 satoshi."""
    return place((ProductFactory(price=60, stock=5), 2), user=user, email=user.email)


def stands(order):
    return Order.objects.get(pk=order.pk).status


# cancel


@pytest.mark.parametrize("key", ["id", "number"])
def test_the_owner_cancels_what_is_unpaid_and_the_pieces_come_back_once(api, user, order, key):
    own = api.as_(user)
    path = f"/orders/{order.pk if key == 'id' else order.number}/cancel"
    answer = own.post(path)
    assert (answer.status, answer.data["status"], answer.data["paymentStatus"]) == (200, "cancelled", "expired")
    assert stock() == [5]
    before = world()
    again = own.post(path)
    assert (again.status, again.code) == (409, "INVALID_TRANSITION")
    assert world() == before


@pytest.mark.parametrize(("status", "exception"), [("seen", ""), ("expired", "underpaid"), ("settled", "")])
def test_the_owner_cannot_cancel_once_money_was_seen(api, user, order, status, exception):
    tell(order, status, exception, received=150_000)
    before = world()
    answer = api.as_(user).post(f"/orders/{order.pk}/cancel")
    assert (answer.status, answer.code) == (409, "INVALID_TRANSITION")
    assert world() == before


def test_staff_who_may_change_orders_cancel_what_is_paid(api, staff_in, order):
    tell(order, "settled", received=200_000)
    answer = api.as_(staff_in("Orders")).post(f"/orders/{order.pk}/cancel")
    assert (answer.status, answer.data["status"], answer.data["paymentStatus"]) == (200, "cancelled", "paid")
    assert (stock(), Order.objects.get().attention) == ([5], attention.CANCELLED_WITH_MONEY)


def test_nobody_else_cancels(api, stranger, staff_in, order):
    before = world()
    path = f"/orders/{order.pk}/cancel"
    for client, status, code in (
        (api, 401, "UNAUTHENTICATED"),
        (api.as_(stranger), 404, "NOT_FOUND"),
        (api.as_(staff_in("Catalogue")), 403, "FORBIDDEN"),
    ):
        answer = client.post(path)
        assert (answer.status, answer.code) == (status, code)
    assert world() == before


def test_cancelling_takes_no_words(api, user, order):
    answer = api.as_(user).post(f"/orders/{order.pk}/cancel", {"status": "delivered"})
    assert (answer.status, list(answer.fields)) == (400, ["status"])
    assert stands(order) == "pending"
    assert api.as_(user).post(f"/orders/{order.pk}/cancel", {}).status == 200


# status


def test_a_paid_order_is_shipped_and_delivered(api, user, staff_in, order):
    tell(order, "settled", received=200_000)
    clerk = api.as_(staff_in("Support"))
    shipped = clerk.put(
        f"/orders/{order.number}/status",
        {"status": "shipped", "trackingNumber": " RR123456785PT ", "note": "Two boxes"},
    )
    assert (shipped.status, shipped.data["status"], shipped.data["trackingNumber"]) == (200, "shipped", "RR123456785PT")
    delivered = clerk.put(f"/orders/{order.pk}/status", {"status": "delivered"})
    assert (delivered.status, delivered.data["status"], delivered.data["trackingNumber"]) == (
        200,
        "delivered",
        "RR123456785PT",
    )
    assert [event.is_public for event in order.events.filter(message="Two boxes")] == [False]
    assert api.as_(user).get(f"/orders/{order.pk}").data["status"] == "delivered"


def test_a_tracking_number_is_optional(api, staff, order):
    tell(order, "settled", received=200_000)
    answer = api.as_(staff).put(f"/orders/{order.pk}/status", {"status": "shipped"})
    assert (answer.data["status"], answer.data["trackingNumber"]) == ("shipped", None)


def test_staff_cancel_with_a_reason_for_the_buyer(api, staff, order):
    tell(order, "expired", "underpaid", received=150_000)
    answer = api.as_(staff).put(f"/orders/{order.pk}/status", {"status": "cancelled", "note": "Too little came"})
    assert (answer.status, answer.data["status"]) == (200, "cancelled")
    assert order.outbox.get(topic="cancelled").payload == {"reason": "Too little came"}


@pytest.mark.parametrize(
    ("paid", "status"),
    [
        (False, "processing"),
        (False, "shipped"),
        (False, "delivered"),
        (False, "pending"),
        (True, "pending"),
        (True, "processing"),
        (True, "delivered"),
    ],
)
def test_a_forbidden_move_is_409_and_changes_nothing(api, staff, order, paid, status):
    if paid:
        tell(order, "settled", received=200_000)
    before = world()
    answer = api.as_(staff).put(f"/orders/{order.pk}/status", {"status": status, "trackingNumber": "RR1", "note": "x"})
    assert (answer.status, answer.code) == (409, "INVALID_TRANSITION")
    assert world() == before


@pytest.mark.parametrize("status", ["pending", "processing", "shipped", "delivered", "cancelled"])
def test_a_cancelled_order_goes_nowhere(api, user, staff, order, status):
    api.as_(user).post(f"/orders/{order.pk}/cancel")
    before = world()
    answer = api.as_(staff).put(f"/orders/{order.pk}/status", {"status": status})
    assert (answer.status, answer.code) == (409, "INVALID_TRANSITION")
    assert world() == before


def test_what_lost_its_confirmations_is_not_shipped(api, staff, order):
    tell(order, "settled", received=200_000)
    tell(order, "seen", received=200_000)
    answer = api.as_(staff).put(f"/orders/{order.pk}/status", {"status": "shipped"})
    assert (answer.status, answer.code, stands(order)) == (409, "INVALID_TRANSITION", "processing")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"status": "lost"}, "status"),
        ({"status": None}, "status"),
        ({"status": 1}, "status"),
        ({}, "status"),
        ({"status": "shipped", "trackingNumber": 12}, "trackingNumber"),
        ({"status": "shipped", "trackingNumber": "x" * 121}, "trackingNumber"),
        ({"status": "cancelled", "trackingNumber": "RR1"}, "trackingNumber"),
        ({"status": "shipped", "note": "x" * 291}, "note"),
        ({"status": "shipped", "paymentStatus": "paid"}, "paymentStatus"),
    ],
)
def test_a_wrong_body_is_400_by_name_and_changes_nothing(api, staff, order, sent, field):
    tell(order, "settled", received=200_000)
    before = world()
    answer = api.as_(staff).put(f"/orders/{order.pk}/status", sent)
    assert (answer.status, answer.code, list(answer.fields)) == (400, "VALIDATION_ERROR", [field])
    assert world() == before


def test_only_staff_who_may_change_orders_move_them(api, user, stranger, staff_in, order):
    tell(order, "settled", received=200_000)
    before = world()
    sent = {"status": "shipped"}
    assert api.put(f"/orders/{order.pk}/status", sent).status == 401
    for person in (user, stranger, staff_in("Catalogue"), staff_in("Reports"), UserFactory(is_staff=True)):
        answer = api.as_(person).put(f"/orders/{order.pk}/status", sent)
        assert (answer.status, answer.code) == (403, "FORBIDDEN")
    assert world() == before


def test_an_order_that_is_not_there_is_404(api, staff):
    for key in (UNKNOWN, "7QK2-M9TD-4HXA", "seven"):
        assert api.as_(staff).put(f"/orders/{key}/status", {"status": "shipped"}).status == 404
        assert api.as_(staff).post(f"/orders/{key}/cancel").status == 404


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", ""), ("PATCH", ""), ("GET", "/cancel"), ("POST", "/status"), ("PUT", "/payment")]
)
def test_other_methods_are_405(api, staff, order, method, path):
    answer = api.as_(staff).send(method, f"/orders/{order.pk}{path}", {})
    assert (answer.status, answer.code) == (405, "METHOD_NOT_ALLOWED")
