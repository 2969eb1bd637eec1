"""Prices that a process remembers: no query while nothing changes, and never an order at yesterday's price."""

from decimal import Decimal

import pytest
from django.db import transaction

from cryptons.errors import OutOfStock
from orders.models import Order, OrderLine
from shop.models import Product
from shop.services import change_product, delete_product, show_products
from shop.sold import sold
from tests.factories import BOSS, ProductFactory
from tests.orders.steps import place

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
