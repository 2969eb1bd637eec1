"""What a process remembers of the products in carts: never used once something that matters to the cart has changed."""

from datetime import timedelta
from decimal import Decimal

import pytest

from cryptons import clock
from cryptons.db import atomic
from shop.cart_products import COUNTED, products_of, read_products
from shop.models import Product, ProductImage
from shop.services import return_stock, show_products, take_stock
from tests.factories import Boss, ProductFactory, UserFactory

PLENTY = 10 * COUNTED


@pytest.fixture
def mug(transactional_db):
    return ProductFactory(name="Mug", price=Decimal(24), stock=PLENTY)


def take(product, quantity):
    with atomic():
        take_stock(items=[(product.pk, quantity)])


def stock_of(product, wanted=1):
    return products_of({product.pk: wanted})[product.pk].stock


def test_a_second_look_costs_no_query(mug, django_assert_num_queries):
    with django_assert_num_queries(2):  # the product and its pictures
        first = products_of({mug.pk: 1})
    with django_assert_num_queries(0):
        assert products_of({mug.pk: 1}) == first


def test_only_what_is_not_known_is_asked_for(mug, django_assert_num_queries):
    other = ProductFactory()
    stock_of(mug)
    with django_assert_num_queries(2):
        assert set(products_of({mug.pk: 1, other.pk: 1})) == {mug.pk, other.pk}


def test_an_order_of_one_of_many_is_nothing_to_who_wants_a_few(mug, django_assert_num_queries):
    stock_of(mug)
    take(mug, 1)
    with django_assert_num_queries(0):
        assert stock_of(mug, wanted=5) > 5


def test_who_wants_many_is_told_how_many_there_are(mug):
    stock_of(mug)
    take(mug, 10)
    assert stock_of(mug, wanted=6) == PLENTY - 10


@pytest.mark.parametrize("left", [COUNTED, 6, 5, 1, 0])
def test_of_what_is_left_each_piece_counts(mug, left):
    Product.objects.update(stock=left)
    assert stock_of(mug) == left
    with atomic():
        return_stock(items=[(mug.pk, 1)])
    assert stock_of(mug) == left + 1


@pytest.mark.parametrize("left", [5, 1, 0])
def test_what_was_plenty_and_is_nearly_gone_is_known_to_be(mug, left):
    stock_of(mug)
    take(mug, PLENTY - left)
    assert stock_of(mug) == left


def reprice(mug):
    mug.price = Decimal(31)
    mug.save()


def picture(mug):
    ProductImage.objects.create(product=mug, image="a.webp", thumbnail="b.webp", alt="", width=1, height=1)


CHANGES = {
    "another price": reprice,
    "hidden": lambda mug: show_products(actor=Boss(), product_ids=[mug.pk], visible=False),
    "a picture": picture,
    "deleted": lambda mug: mug.delete(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_counts_at_once(mug, change):
    key = mug.pk
    before = products_of({key: 1})
    change(mug)
    assert products_of({key: 1}) == read_products([key]) != before


def test_what_was_written_past_the_store_counts_within_ten_seconds(mug, monkeypatch):
    stock_of(mug)
    Product.objects.update(stock=0)
    assert stock_of(mug) == PLENTY
    soon = clock.now() + timedelta(seconds=10)
    monkeypatch.setattr(clock, "now", lambda: soon)
    assert stock_of(mug) == 0


def test_what_is_bought_is_read_from_the_database(mug):
    stock_of(mug)
    Product.objects.update(price=Decimal(31))
    assert read_products([mug.pk])[mug.pk].price == Decimal(31)


def test_nothing_is_remembered_within_a_transaction(mug):
    with atomic():
        stock_of(mug)
        Product.objects.update(stock=3)
        assert stock_of(mug) == 3
    assert stock_of(mug) == 3


def test_a_visitor_looks_at_the_cart_with_one_query_and_adds_with_two(mug, client, django_assert_num_queries):
    for _ in range(2):
        client.post("/cart/add/", {"product": str(mug.pk)}, headers={"HX-Request": "true"})
        client.get("/cart/")
    with django_assert_num_queries(1):
        assert "2 pieces in your cart" in client.get("/cart/").content.decode()
    with django_assert_num_queries(2):
        client.post("/cart/add/", {"product": str(mug.pk)}, headers={"HX-Request": "true"})
    assert client.session["cart"] == {str(mug.pk): [3, "24.000"]}


def test_a_user_sees_a_new_price_at_once(mug, client):
    client.force_login(UserFactory())
    client.post("/cart/add/", {"product": str(mug.pk)})
    client.get("/cart/")
    reprice(mug)
    assert "The price went up from €24.00 to €31.00." in client.get("/cart/").content.decode()
