"""Prices that a process remembers: no query while nothing changes, and never an order at yesterday's price."""

from decimal import Decimal

import pytest
from django.db import transaction

from cryptons.errors import OutOfStock
from orders.models import Order, OrderLine
from orders.services import placing
from orders.services.placing import PriceChanged
from shop.models import Product
from shop.services import change_product, delete_product, show_products
from shop.sold import Sold, sold
from tests.factories import BOSS, ProductFactory
from tests.orders.steps import payment_for, place

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mug():
    """A mug whose price this process remembers."""
    mug = ProductFactory(name="Mug", sku="M-1", price=Decimal(10), stock=50)
    assert place((mug, 1)).total == 10
    return mug


def line_of(order):
    return OrderLine.objects.values_list("name", "sku", "unit_price").get(order=order)


def test_a_second_order_of_the_same_reads_no_price(mug, django_assert_num_queries):
    tea = ProductFactory(price=Decimal(5), stock=50)
    with django_assert_num_queries(1):
        assert [thing.price for thing in sold([mug.pk, tea.pk]).values()] == [10, 5]
    with django_assert_num_queries(0):
        assert sold([mug.pk, tea.pk])[tea.pk].sku == tea.sku


def saved(mug):
    mug.name, mug.sku, mug.price = "Cup", "C-1", Decimal(11)
    mug.save(update_fields=["name", "sku", "price"])


NEW = {"name": "Cup", "sku": "C-1", "price": Decimal(11)}
CHANGES = {
    "by the staff": lambda mug: change_product(actor=BOSS, product_id=mug.pk, values=NEW),
    "by saving it": saved,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_counts_from_the_next_order_on(mug, change):
    CHANGES[change](mug)
    assert line_of(place((mug, 1))) == ("Cup", "C-1", Decimal(11))


def test_an_order_costs_what_stands_in_the_database_though_nobody_told_of_the_change(mug):
    Product.objects.filter(pk=mug.pk).update(price=Decimal(11))
    assert sold([mug.pk])[mug.pk].price == 10, "it is remembered"
    order = place((mug, 3))
    assert (order.total, line_of(order)[2], payment_for(order).fiat_amount) == (33, 11, 33)
    assert sold([mug.pk])[mug.pk].price == 11
    assert Product.objects.get(pk=mug.pk).stock == 46


def test_who_agreed_to_another_total_is_asked_again_and_nothing_is_written(mug):
    Product.objects.filter(pk=mug.pk).update(price=Decimal(11))
    with pytest.raises(PriceChanged):
        place((mug, 3), expected_total=Decimal(30))
    assert Product.objects.get(pk=mug.pk).stock == 49
    assert Order.objects.count() == 1


def test_who_agreed_to_what_stands_in_the_database_gets_it_though_another_price_is_remembered(mug):
    Product.objects.filter(pk=mug.pk).update(price=Decimal(11))
    assert place((mug, 3), expected_total=Decimal(33)).total == 33


def test_a_price_that_never_holds_still_refuses_the_order_and_nothing_is_written(monkeypatch, mug):
    monkeypatch.setattr(placing, "sold", lambda keys, anew: {key: Sold("Mug", "M-1", Decimal(9)) for key in keys})
    with pytest.raises(PriceChanged):
        place((mug, 3))
    assert Product.objects.get(pk=mug.pk).stock == 49
    assert Order.objects.count() == 1


def test_a_change_that_is_taken_back_was_none(mug):
    with transaction.atomic():
        change_product(actor=BOSS, product_id=mug.pk, values={"price": Decimal(11)})
        assert sold([mug.pk])[mug.pk].price == 11
        transaction.set_rollback(True)
    assert line_of(place((mug, 1)))[2] == 10


@pytest.mark.parametrize(
    "end",
    [
        lambda mug: show_products(actor=BOSS, product_ids=[mug.pk], visible=False),
        lambda mug: Product.objects.filter(pk=mug.pk).update(is_visible=False),
        lambda mug: delete_product(actor=BOSS, product_id=mug.pk),
        lambda mug: Product.objects.filter(pk=mug.pk).update(stock=0),
    ],
    ids=["hidden", "hidden by hand", "deleted", "sold out by hand"],
)
def test_what_is_no_longer_sold_is_not_sold_by_what_is_remembered(mug, end):
    end(mug)
    with pytest.raises(OutOfStock):
        place((mug, 1))
    assert Order.objects.count() == 1
