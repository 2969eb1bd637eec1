"""Looking at orders over the API: who sees which, in what words, and how they are found."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from orders.models import OrderPayment
from orders.payment_status import OrderPaymentStatus, payment_status_of
from payments.status import PaymentException, PaymentStatus
from tests.api.test_orders_placing import ORDER, PAYMENT
from tests.factories import (
    OrderFactory,
    PaymentFactory,
    PaymentOptionFactory,
    ProductFactory,
    TransferFactory,
    UserFactory,
)
from tests.orders.steps import payment_for, place, tell

UNKNOWN = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
def order(user):
    """Two pieces for 60 euros each: 200,000 satoshi."""
    return place((ProductFactory(price=60, stock=5), 2), user=user, email=user.email)


def numbers(answer):
    return [shown["orderNumber"] for shown in answer.data]


# one order


def test_its_owner_and_the_staff_see_an_order_by_id_and_by_number(api, user, staff, staff_in, order):
    for person in (user, staff, staff_in("Orders"), staff_in("Catalogue")):
        for key in (order.pk, str(order.pk).upper(), order.number, order.number.lower().replace("-", "")):
            answer = api.as_(person).get(f"/orders/{key}")
            assert (answer.status, list(answer.data), answer.data["id"]) == (200, ORDER, str(order.pk))
            assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("part", ["", "/payment"])
def test_somebody_elses_order_is_not_told_from_one_that_is_not_there(api, stranger, order, part):
    own = api.as_(stranger)
    answers = [
        own.get(f"/orders/{key}{part}") for key in (order.pk, order.number, UNKNOWN, "7QK2-M9TD-4HXA", "x", "%00")
    ]
    assert {(answer.status, answer.code) for answer in answers} == {(404, "NOT_FOUND")}
    assert len({answer.text for answer in answers[:-1]}) == 1


@pytest.mark.parametrize("path", ["/orders", "/orders/{key}", "/orders/{key}/payment"])
def test_nobody_sees_orders_without_a_token(api, order, path):
    answer = api.get(path.format(key=order.pk))
    assert (answer.status, answer.code) == (401, "UNAUTHENTICATED")


def test_a_guests_order_is_nobodys_but_the_staffs(api, user, staff):
    order = place()
    assert api.as_(user).get(f"/orders/{order.number}").status == 404
    assert api.as_(staff).get(f"/orders/{order.number}").data["userId"] is None


def test_a_product_that_is_gone_leaves_its_line(api, user, order):
    order.lines.get().product.delete()
    line = api.as_(user).get(f"/orders/{order.pk}").data["items"][0]
    assert (line["productId"], line["quantity"], line["lineTotal"]) == (None, 2, 120)


# the payment


def transaction(txid, satoshi, state):
    amount = Decimal(satoshi) / 100_000_000
    return {"hash": txid, "amount": amount, "amountBaseUnits": satoshi, "confirmations": 0, "state": state}


def test_the_payment_shows_what_came(api, user, order):
    payment = payment_for(order)
    option = PaymentOptionFactory(payment=payment)
    TransferFactory(payment=payment, txid="aa" * 32, amount=80_000, state="replaced")
    TransferFactory(payment=payment, txid="bb" * 32, amount=150_000)
    tell(order, "seen", "underpaid", received=150_000)
    shown = api.as_(user).get(f"/orders/{order.pk}/payment").data
    assert list(shown) == PAYMENT
    assert (shown["status"], shown["exception"]) == ("seen", "underpaid")
    assert (shown["received"], shown["receivedBaseUnits"]) == (Decimal("0.00150000"), 150_000)
    assert (shown["due"], shown["dueBaseUnits"]) == (Decimal("0.00050000"), 50_000)
    assert shown["uri"].startswith(f"bitcoin:{option.address}?amount=0.0005")
    assert shown["transactions"] == [
        transaction("aa" * 32, 80_000, "replaced"),
        transaction("bb" * 32, 150_000, "pending"),
    ]
    whole = api.as_(user).get(f"/orders/{order.pk}").data
    assert (whole["payment"], whole["transactionHash"], whole["paymentStatus"]) == (shown, "bb" * 32, "partial")


def test_a_settled_payment_asks_for_nothing(api, user, order):
    payment = payment_for(order)
    PaymentOptionFactory(payment=payment)
    TransferFactory(payment=payment, amount=200_000, confirmations=3, state="confirmed")
    tell(order, "settled", received=200_000, confirmations=3)
    shown = api.as_(user).get(f"/orders/{order.pk}").data
    assert (shown["status"], shown["paymentStatus"]) == ("processing", "paid")
    assert (shown["payment"]["due"], shown["payment"]["uri"], shown["payment"]["confirmations"]) == (0, None, 3)


# what it amounts to, in one word

WORDS = {
    ("new", ""): "unpaid",
    ("seen", ""): "confirming",
    ("seen", "overpaid"): "confirming",
    ("seen", "underpaid"): "partial",
    ("seen", "late"): "partial",
    ("settled", ""): "paid",
    ("settled", "overpaid"): "overpaid",
    ("expired", ""): "expired",
    ("expired", "late"): "expired",
    ("expired", "underpaid"): "partial",
    ("invalid", ""): "expired",
}


@pytest.mark.parametrize(("state", "word"), WORDS.items())
def test_a_payment_has_one_word(state, word):
    status, exception = state
    assert payment_status_of(PaymentFactory.build(status=status, exception=exception)) == word


def test_every_state_of_a_payment_is_found_by_its_word_and_by_no_other(api, staff):
    expected = {}
    for status in PaymentStatus.values:
        for exception in ["", *PaymentException.values]:
            order = tell(place(), status, exception)
            expected[order.number] = payment_status_of(payment_for(order))
    asked = api.as_(staff)
    found = {
        word: numbers(asked.get("/orders", {"paymentStatus": word, "limit": 100})) for word in OrderPaymentStatus.values
    }
    assert {number: word for word, some in found.items() for number in some} == expected
    assert sum(len(some) for some in found.values()) == len(expected)


# the list


def test_people_list_their_own_orders_and_staff_who_may_change_them_all(api, user, stranger, staff, staff_in):
    mine = OrderFactory(user=user)
    theirs, guests = OrderFactory(user=stranger), OrderFactory()
    everything = [guests.number, theirs.number, mine.number]
    assert numbers(api.as_(user).get("/orders")) == [mine.number]
    assert numbers(api.as_(stranger).get("/orders")) == [theirs.number]
    for member in (staff, staff_in("Orders"), staff_in("Support")):
        assert numbers(api.as_(member).get("/orders")) == everything
    for member in (staff_in("Catalogue"), staff_in("Reports"), staff_in()):
        assert numbers(api.as_(member).get("/orders")) == []


def test_who_only_has_the_permission_but_is_no_staff_sees_their_own(api, user, staff_in):
    member = staff_in("Orders")
    member.is_staff = False
    member.save()
    OrderFactory(user=user)
    assert numbers(api.as_(member).get("/orders")) == []


def test_the_list_comes_in_pages_newest_first(api, user):
    orders = [OrderFactory(user=user, created_at=datetime(2026, 1, day, tzinfo=UTC)) for day in range(1, 6)]
    answer = api.as_(user).get("/orders", {"page": 2, "limit": 2})
    assert numbers(answer) == [orders[2].number, orders[1].number]
    assert answer.meta == {"page": 2, "limit": 2, "total": 5, "pages": 3}
    past = api.as_(user).get("/orders", {"page": 9})
    assert (past.data, past.meta["total"]) == ([], 5)


def test_an_empty_list_has_no_pages(api, user):
    assert api.as_(user).get("/orders").meta == {"page": 1, "limit": 20, "total": 0, "pages": 0}


def test_the_list_is_narrowed_by_status_and_by_how_far_it_is_paid(api, user):
    waiting = OrderFactory(user=user)
    paid = OrderFactory(user=user, status="processing", payment_status="paid")
    own = api.as_(user)
    assert numbers(own.get("/orders", {"status": "processing"})) == [paid.number]
    assert numbers(own.get("/orders", {"paymentStatus": "unpaid"})) == [waiting.number]
    assert numbers(own.get("/orders", {"paymentStatus": "paid"})) == [paid.number]
    assert numbers(own.get("/orders", {"paymentStatus": "refunded"})) == []
    assert numbers(own.get("/orders", {"status": "pending", "paymentStatus": "paid"})) == []


def test_the_list_is_narrowed_by_time_with_both_ends_within(api, user):
    days = [OrderFactory(user=user, created_at=datetime(2026, 3, day, 12, tzinfo=UTC)) for day in (1, 2, 3)]
    first, second, third = [day.number for day in days]
    own = api.as_(user)
    assert numbers(own.get("/orders", {"from": "2026-03-02"})) == [third, second]
    assert numbers(own.get("/orders", {"to": "2026-03-02"})) == [second, first]
    assert numbers(own.get("/orders", {"from": "2026-03-02", "to": "2026-03-02"})) == [second]
    assert numbers(own.get("/orders", {"from": "2026-03-02T12:00:00Z", "to": "2026-03-03T11:59:59Z"})) == [second]
    assert numbers(own.get("/orders", {"to": "2026-03-01T12:00:00+00:00"})) == [first]
    assert numbers(own.get("/orders", {"to": "2026-03-01T13:00:00+02:00"})) == []


def test_the_list_is_narrowed_by_user_within_what_one_may_see(api, user, stranger, staff):
    mine = OrderFactory(user=user)
    OrderFactory(user=stranger)
    assert numbers(api.as_(staff).get("/orders", {"user": str(user.pk)})) == [mine.number]
    assert numbers(api.as_(user).get("/orders", {"user": str(user.pk)})) == [mine.number]
    assert numbers(api.as_(user).get("/orders", {"user": str(stranger.pk)})) == []
    for nobody in (UNKNOWN, "nobody"):
        answer = api.as_(staff).get("/orders", {"user": nobody})
        assert (answer.status, answer.data, answer.meta["total"]) == (200, [], 0)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"status": "lost"}, "status"),
        ({"paymentStatus": "maybe"}, "paymentStatus"),
        ({"from": "yesterday"}, "from"),
        ({"to": "2026-13-01"}, "to"),
        ({"to": "0001-01-01T00:00:00+14:00"}, "to"),
        ({"from": ""}, "from"),
        ({"page": "0"}, "page"),
        ({"limit": "101"}, "limit"),
        ({"user": "a\u0000b"}, "user"),
    ],
)
def test_a_wrong_filter_is_400_by_name(api, user, query, field):
    answer = api.as_(user).get("/orders", query)
    assert (answer.status, answer.code, list(answer.fields)) == (400, "VALIDATION_ERROR", [field])


def test_a_longer_list_costs_no_more_queries(api, user, django_assert_num_queries):
    own = api.as_(user)

    def fill(count):
        for _ in range(count):
            order = place(user=user, email=user.email)
            PaymentOptionFactory(payment=payment_for(order))
            TransferFactory(payment=payment_for(order))

    fill(2)
    own.get("/orders")
    with django_assert_num_queries(7):
        own.get("/orders")
    fill(8)
    with django_assert_num_queries(7):
        assert len(own.get("/orders").data) == 10
    assert OrderPayment.objects.count() == 10


def test_an_order_of_another_user_with_the_same_address_stays_theirs(api, user):
    other = UserFactory()
    OrderFactory(user=other, email=user.email)
    assert numbers(api.as_(user).get("/orders")) == []
