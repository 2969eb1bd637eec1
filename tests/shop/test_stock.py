"""Stock is promised once, whoever asks and however many at the same time."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cryptons.db import atomic
from cryptons.errors import Forbidden, InvalidInput, OutOfStock
from cryptons.models import Change
from shop.cart_user import UserCart
from shop.models import CartLine, Product
from shop.services import PriceMoved, change_stock, return_stock, show_products, take_stock
from shop.version import stock_of, stock_words_of
from tests.factories import BOSS, ProductFactory, UserFactory


def left(product: Product) -> int:
    return Product.objects.values_list("stock", flat=True).get(pk=product.pk)


def at_once(step: Callable[[], object], times: int) -> list[object]:
    def run(_: int) -> object:
        try:
            return step()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(run, range(times)))


@pytest.mark.django_db(transaction=True)
def test_of_forty_buyers_of_ten_pieces_exactly_ten_get_one():
    product = ProductFactory(stock=10)

    def buy() -> bool:
        try:
            with atomic():
                take_stock(items=[(product.pk, 1)])
        except OutOfStock:
            return False
        return True

    assert sum(map(bool, at_once(buy, 40))) == 10
    assert left(product) == 0


@pytest.mark.django_db(transaction=True)
def test_buyers_of_the_same_two_things_in_either_order_do_not_block_each_other():
    pair = [ProductFactory(stock=10).pk, ProductFactory(stock=10).pk]
    orders = iter([pair, pair[::-1]] * 10)

    def buy() -> bool:
        keys = next(orders)
        try:
            with atomic():
                take_stock(items=[(key, 1) for key in keys])
        except OutOfStock:
            return False
        return True

    assert sum(map(bool, at_once(buy, 20))) == 10
    assert set(Product.objects.values_list("stock", flat=True)) == {0}


@pytest.mark.django_db(transaction=True)
def test_taking_is_whole_or_not_at_all():
    plenty, few = ProductFactory(stock=10), ProductFactory(name="Lamp", stock=1)
    with pytest.raises(OutOfStock) as caught, atomic():
        take_stock(items=[(plenty.pk, 2), (few.pk, 2)])
    assert (left(plenty), left(few)) == (10, 1)
    assert caught.value.details == [
        {"field": "lines", "product": str(few.pk), "left": 1, "message": "Only 1 left of Lamp."}
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("price", ["0.07", "19.99", "123456.78"])
def test_a_thing_is_taken_at_its_price_and_at_no_other(price):
    right = Decimal(price)
    lamp, tea = ProductFactory(stock=10, price=right), ProductFactory(stock=10, price=right)
    with atomic():
        take_stock(items=[(lamp.pk, 1), (tea.pk, 1)], prices={lamp.pk: right, tea.pk: right})
    with pytest.raises(PriceMoved), atomic():
        take_stock(items=[(lamp.pk, 1), (tea.pk, 1)], prices={lamp.pk: right, tea.pk: right + Decimal("0.01")})
    assert (left(lamp), left(tea)) == (9, 9)


@pytest.mark.django_db(transaction=True)
def test_too_few_at_the_right_price_is_too_few():
    lamp = ProductFactory(stock=1, price=Decimal(5))
    with pytest.raises(OutOfStock), atomic():
        take_stock(items=[(lamp.pk, 2)], prices={lamp.pk: Decimal(5)})
    assert left(lamp) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("change", [take_stock, return_stock])
def test_rows_are_written_in_the_order_of_their_keys(change):
    keys = sorted(ProductFactory().pk for _ in range(4))
    with CaptureQueriesContext(connection) as queries:
        change(items=[(key, 1) for key in (keys[2], keys[0], keys[3], keys[1])])
    written = [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    assert [next(key for key in keys if key.hex in sql) for sql in written] == keys


@pytest.mark.django_db
def test_every_product_that_is_short_is_named():
    gone, hidden = ProductFactory(name="Gone", stock=0), ProductFactory(name="Hidden", is_visible=False)
    with pytest.raises(OutOfStock) as caught:
        take_stock(items=[(gone.pk, 1), (hidden.pk, 1), (uuid.uuid4(), 1)])
    assert sorted(str(detail["message"]) for detail in caught.value.details) == [
        "A product is sold out.",
        "Gone is sold out.",
        "Hidden is sold out.",
    ]
    assert left(hidden) == 10


@pytest.mark.django_db
def test_two_lines_of_one_product_count_together():
    product = ProductFactory(stock=3)
    with pytest.raises(OutOfStock):
        take_stock(items=[(product.pk, 2), (product.pk, 2)])
    assert left(product) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("quantity", [0, -1])
def test_it_refuses_to_take_nothing(quantity):
    product = ProductFactory(stock=3)
    with pytest.raises(InvalidInput):
        take_stock(items=[(product.pk, quantity)])
    assert left(product) == 3


@pytest.mark.django_db
def test_what_leaves_plenty_is_neither_read_nor_said_otherwise(django_assert_num_queries):
    product = ProductFactory(stock=11)
    Change.objects.all().delete()
    with django_assert_num_queries(2):  # the product, and what changed
        take_stock(items=[(product.pk, 5)])
    assert (left(product), Change.objects.get().topics) == (6, str(stock_of(product.pk)))


@pytest.mark.django_db
def test_what_leaves_few_is_said_otherwise():
    plenty, few = ProductFactory(stock=11), ProductFactory(stock=11)
    Change.objects.all().delete()
    take_stock(items=[(plenty.pk, 1), (few.pk, 6)])
    assert (left(plenty), left(few)) == (10, 5)
    told = {int(topic) for topic in Change.objects.get().topics.split(",")}
    assert told == {stock_of(plenty.pk), stock_of(few.pk), stock_words_of(few.pk)}


@pytest.mark.django_db
def test_returned_pieces_can_be_bought_again():
    product = ProductFactory(stock=0, is_visible=False)
    return_stock(items=[(product.pk, 2), (uuid.uuid4(), 1)])
    assert left(product) == 2


@pytest.mark.django_db
def test_staff_change_stock_by_a_difference_and_never_below_zero():
    product = ProductFactory(stock=3)
    assert change_stock(actor=BOSS, product_id=product.pk, by=4) == 7
    assert change_stock(actor=BOSS, product_id=product.pk, by=-7) == 0
    with pytest.raises(InvalidInput):
        change_stock(actor=BOSS, product_id=product.pk, by=-1)
    assert left(product) == 0


@pytest.mark.django_db(transaction=True)
def test_adding_in_eight_tabs_at_once_loses_no_piece():
    user, product = UserFactory(), ProductFactory(stock=100)
    at_once(lambda: UserCart(user).add(product.pk, 1), 8)
    assert list(CartLine.objects.values_list("quantity", flat=True)) == [8]


@pytest.mark.django_db
@pytest.mark.parametrize("actor", [None, AnonymousUser()])
def test_only_who_may_write_products_changes_stock_or_shows_them(actor):
    product = ProductFactory(stock=3)
    with pytest.raises(Forbidden):
        change_stock(actor=actor, product_id=product.pk, by=1)
    with pytest.raises(Forbidden):
        show_products(actor=actor, product_ids=[product.pk], visible=False)
    product.refresh_from_db()
    assert (product.stock, product.is_visible) == (3, True)


@pytest.mark.django_db
def test_however_many_are_hidden_a_statement_names_few_of_them():
    products = [ProductFactory() for _ in range(3)]
    keys = [*(product.pk for product in products), *(uuid.uuid4() for _ in range(1200))]
    with CaptureQueriesContext(connection) as queries:
        assert show_products(actor=BOSS, product_ids=keys, visible=False) == 3
    assert not Product.objects.filter(is_visible=True).exists()
    assert max(query["sql"].count(", ") for query in queries) < 1000
    assert sum(query["sql"].startswith("UPDATE") for query in queries) == 3
