from decimal import Decimal

import pytest
from django.db import IntegrityError

from cryptons.errors import AlreadyExists, InvalidInput, OutOfStock
from orders.models import Order, OrderEvent, OrderLine, OrderPayment, OutboxMessage
from orders.numbers import canonical_number, new_number
from orders.services import LineRequest, PriceChanged, placing
from orders.status import OrderStatus
from payments.models import Payment
from tests.factories import POSTAL, OrderFactory, ProductFactory, UserFactory
from tests.orders.steps import payment_for, place, stock_of

pytestmark = pytest.mark.django_db
WRITTEN = [Order, OrderLine, Payment, OrderPayment, OrderEvent, OutboxMessage]


def rows():
    return [model.objects.count() for model in WRITTEN]


def test_it_writes_the_order_with_all_that_belongs_to_it():
    mug, tea = ProductFactory(price=Decimal("12.50"), stock=5), ProductFactory(price=Decimal("4.20"), stock=5)
    order = place((mug, 2), (tea, 3), note=" Ring twice ")
    order = Order.objects.get(pk=order.pk)
    assert (order.status, order.total, order.currency) == (OrderStatus.PENDING, Decimal("37.60"), "EUR")
    assert (order.email, order.note, order.stock_held) == ("buyer@example.org", "Ring twice", True)
    assert order.postal_lines() == ["Ada Byron", "Mill Lane 12", "1100-148 Lisbon", "Portugal"]
    assert [(line.sku, line.quantity, line.line_total) for line in order.lines.all()] == [
        (mug.sku, 2, Decimal("25.000")),
        (tea.sku, 3, Decimal("12.600")),
    ]
    assert payment_for(order).amount == 62_667
    assert rows() == [1, 2, 1, 1, 1, 1]
    assert (stock_of(mug), stock_of(tea)) == (3, 2)


def test_each_line_is_rounded_half_up_once():
    product = ProductFactory(price=Decimal("0.335"), stock=9)
    order = place((product, 3))
    assert order.lines.get().line_total == Decimal("1.010")
    assert order.total == Decimal("1.01")


def test_the_same_product_twice_becomes_one_line():
    product = ProductFactory(stock=9)
    order = place((product, 1), (product, 2))
    assert order.lines.get().quantity == 3


def test_the_same_key_brings_the_same_order_back():
    product = ProductFactory(stock=5)
    first, second = place((product, 2), checkout_key="one"), place((product, 2), checkout_key="one")
    assert first.pk == second.pk
    assert rows() == [1, 1, 1, 1, 1, 1]
    assert stock_of(product) == 3


def test_the_key_of_an_order_brings_it_back_also_where_it_could_not_be_placed_again():
    product = ProductFactory(stock=2)
    first = place((product, 2), checkout_key="one")
    assert place((product, 2), checkout_key="one").pk == first.pk
    product.delete()
    assert place((product, 2), checkout_key="one", expected_total=Decimal(1)).pk == first.pk
    assert place(lines=[], checkout_key="one", address={}).pk == first.pk
    with pytest.raises(AlreadyExists):
        place(lines=[], checkout_key="one", address={}, email="other@example.org")
    assert rows() == [1, 1, 1, 1, 1, 1]


def test_the_key_of_somebody_elses_order_opens_nothing():
    owner = UserFactory()
    place(checkout_key="one", user=owner, email=owner.email)
    for user, email in [(None, owner.email), (UserFactory(), owner.email), (owner, "other@example.org")]:
        with pytest.raises(AlreadyExists):
            place(checkout_key="one", user=user, email=email)
    assert Order.objects.count() == 1


def test_sold_out_leaves_nothing_behind():
    plenty, gone = ProductFactory(stock=5), ProductFactory(stock=1)
    with pytest.raises(OutOfStock) as caught:
        place((plenty, 1), (gone, 2))
    assert caught.value.details[0]["left"] == 1
    assert rows() == [0] * len(WRITTEN)
    assert (stock_of(plenty), stock_of(gone)) == (5, 1)


@pytest.mark.parametrize("step", ["create_payment", "record", "announce_first", "take_stock"])
def test_a_failure_at_any_step_leaves_nothing_behind(step, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError(step)

    product = ProductFactory(stock=5)
    monkeypatch.setattr(placing, step, fail)
    with pytest.raises(RuntimeError, match=step):
        place((product, 1))
    assert rows() == [0] * len(WRITTEN)
    assert stock_of(product) == 5


@pytest.mark.parametrize("quantity", [0, -1, 10_001])
def test_it_refuses_a_wrong_quantity(quantity):
    product = ProductFactory(stock=50_000)
    with pytest.raises(InvalidInput):
        place((product, quantity))
    assert (rows(), stock_of(product)) == ([0] * len(WRITTEN), 50_000)


def test_it_refuses_a_total_that_no_column_can_hold():
    product = ProductFactory(price=Decimal(10_000_000), stock=50_000)
    with pytest.raises(InvalidInput):
        place((product, 10_000))
    assert (rows(), stock_of(product)) == ([0] * len(WRITTEN), 50_000)


def test_it_refuses_an_empty_order_and_what_is_no_longer_sold():
    with pytest.raises(InvalidInput):
        place(lines=[])
    with pytest.raises(OutOfStock):
        place((ProductFactory(is_visible=False), 1))
    with pytest.raises(OutOfStock):
        place(lines=[LineRequest(OrderFactory.build().pk, 1)])
    assert rows() == [0] * len(WRITTEN)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"address": {**POSTAL, "city": ""}}, "city"),
        ({"address": {**POSTAL, "country": "Portugal"}}, "country"),
        ({"address": {**POSTAL, "country": "ZZ"}}, "country"),
        ({"address": {**POSTAL, "full_name": "Ada\u202e nyB"}}, "full_name"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_it_names_the_field_that_breaks_a_rule(changes, field):
    with pytest.raises(InvalidInput) as caught:
        place(**changes)
    assert [detail["field"] for detail in caught.value.details] == [field]
    assert rows() == [0] * len(WRITTEN)


def test_it_refuses_a_total_the_buyer_did_not_see():
    product = ProductFactory(price=Decimal(30), stock=5)
    with pytest.raises(PriceChanged):
        place((product, 1), expected_total=Decimal(25))
    assert rows() == [0] * len(WRITTEN)
    assert place((product, 1), expected_total=Decimal(30)).total == 30


def test_a_number_that_is_taken_is_drawn_again(monkeypatch):
    OrderFactory(number="AAAA-AAAA-AAAA")
    numbers = iter(["AAAA-AAAA-AAAA", "AAAA-AAAA-AAAA", "BBBB-BBBB-BBBB"])
    monkeypatch.setattr(placing, "new_number", lambda: next(numbers))
    assert place().number == "BBBB-BBBB-BBBB"


def test_it_gives_up_drawing_numbers_in_the_end(monkeypatch):
    OrderFactory(number="AAAA-AAAA-AAAA")
    monkeypatch.setattr(placing, "new_number", lambda: "AAAA-AAAA-AAAA")
    with pytest.raises(IntegrityError):
        place()
    assert Order.objects.count() == 1


def test_numbers_are_grouped_and_read_back_as_people_write_them():
    number = new_number()
    assert len(number) == 14
    assert canonical_number(number) == number
    assert canonical_number(" 7qk2 m9td-4hxo ") == "7QK2-M9TD-4HX0"
    assert {sign for _ in range(200) for sign in new_number()} == set("0123456789ABCDEFGHJKMNPQRSTVWXYZ-")


def test_a_sum_beyond_all_columns_is_refused_in_words():
    product = ProductFactory(price=Decimal("99999999999.999"), stock=999)
    before = rows()
    with pytest.raises(InvalidInput, match="more than can be ordered"):
        place((product, 999))
    assert (rows(), stock_of(product)) == (before, 999)


def test_a_sum_too_small_for_the_network_writes_nothing():
    product = ProductFactory(price=Decimal("0.10"), stock=3)
    before = rows()
    with pytest.raises(InvalidInput, match="too little"):
        place((product, 1))
    assert (rows(), stock_of(product)) == (before, 3)
