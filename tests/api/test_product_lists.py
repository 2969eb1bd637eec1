"""Lists of products after a change: made of what is kept, and the same as what is made with nothing kept."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cryptons import clock, freshness
from payments.models import Rate
from shop.models import Product
from shop.ratings import change_rating
from shop.services import change_product, change_stock, delete_product, return_stock, show_products, take_stock
from tests.factories import BOSS, CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db(transaction=True)

LISTS = [
    "/products",
    "/products?sort=price",
    "/products?page=2&limit=2",
    "/products?page=9",
    "/products?category=kitchen&sort=-price",
    "/products?search=mug",
    "/products?inStock=true&minRating=1",
]


@pytest.fixture(autouse=True)
def moment(settings, monkeypatch):
    """Everything is kept, and it is one and the same moment, so that a rate holds."""
    settings.RATELIMIT_API = (10_000, 900)
    settings.PAGE_CACHE_SECONDS = 600
    now = clock.now().replace(second=10, microsecond=0)
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def mug(moment):
    kitchen, light = CategoryFactory(name="Kitchen", slug="kitchen"), CategoryFactory(name="Light", slug="light")
    for name, category, price in (("Bowl", kitchen, 7), ("Lamp", light, 120), ("Blue mug", kitchen, 9)):
        ProductFactory(name=name, category=category, price=Decimal(price), stock=20)
    return ProductFactory(name="Mug", slug="mug", sku="M-1", category=kitchen, price=Decimal(12), stock=20)


def anew(api, settings, path):
    """Return the answer as it is made where nothing is kept."""
    settings.PAGE_CACHE_SECONDS = 0
    answer = api.get(path)
    settings.PAGE_CACHE_SECONDS = 600
    return answer.text


def sell(product, pieces=1):
    take_stock(items=[(product.pk, pieces)])


CHANGES = {
    "one sold": sell,
    "nearly all sold": lambda mug: sell(mug, 17),
    "sold out": lambda mug: sell(mug, 2),
    "came back": lambda mug: return_stock(items=[(mug.pk, 3)]),
    "counted": lambda mug: change_stock(actor=BOSS, product_id=mug.pk, by=40),
    "another price": lambda mug: change_product(actor=BOSS, product_id=mug.pk, values={"price": Decimal(200)}),
    "another name": lambda mug: change_product(actor=BOSS, product_id=mug.pk, values={"name": "A mug"}),
    "rated": lambda mug: change_rating(product_id=mug.pk, total_by=5, count_by=1),
    "a picture": lambda mug: mug.images.create(image="products/a.webp", thumbnail="products/s.webp", alt="A mug"),
    "a new one": lambda _mug: ProductFactory(name="Cup"),
    "the category has another name": lambda mug: renamed(mug.category),
    "another rate": lambda _mug: rate(Decimal(70_000)),
    "hidden": lambda mug: show_products(actor=BOSS, product_ids=[mug.pk], visible=False),
    "shown again": lambda mug: show_products(actor=BOSS, product_ids=[mug.pk], visible=True),
    "deleted": lambda mug: delete_product(actor=BOSS, product_id=mug.pk),
}


def renamed(category):
    category.name = "Kitchens"
    category.save()


def rate(price):
    Rate.objects.update_or_create(
        pair="BTC/EUR", defaults={"price": price, "source": "kraken", "fetched_at": clock.now()}
    )
    freshness.changed(freshness.RATES)


def test_the_moment_after_each_change_each_list_is_what_is_made_with_nothing_kept(api, mug, settings):
    settings.RATE_SOURCE = "kraken"
    rate(Decimal(60_000))
    paths = [*LISTS, "/products/mug", f"/products/{mug.pk}"]
    before = [api.get(path).text for path in paths]
    for name, change in CHANGES.items():
        change(mug)
        after = [api.get(path).text for path in paths]
        assert after == [anew(api, settings, path) for path in paths], name
        assert after != before, name
        before = after


def test_after_a_sale_only_the_stock_of_what_was_sold_is_read_and_only_once(api, mug):
    for path in LISTS[:2]:
        api.get(path)
    sell(mug)
    with CaptureQueriesContext(connection) as queries:
        first = api.get("/products")
    with CaptureQueriesContext(connection) as alone:
        list(Product.objects.filter(pk__in=[mug.pk]).order_by().values_list("id", "stock"))
    assert [query["sql"] for query in queries] == [query["sql"] for query in alone]
    assert len(alone) == 1
    with CaptureQueriesContext(connection) as queries:
        second = api.get("/products?sort=price")
        one = api.get(f"/products/{mug.pk}")
    assert len(queries) == 0
    assert one.data["stock"] == 19
    assert one.data in first.data
    assert one.data in second.data


def test_a_list_that_nothing_was_sold_of_stays_as_it_is(api, mug, django_assert_num_queries):
    before = api.get("/products?category=light").text
    sell(mug)
    with django_assert_num_queries(0):
        assert api.get("/products?category=light").text == before


def test_selling_it_again_and_again_has_nothing_believed_for_longer(api, mug, monkeypatch, settings):
    begun, shown = clock.now(), []
    settings.RATE_SOURCE, settings.RATE_MAX_AGE = "kraken", timedelta(days=1)
    rate(Decimal(60_000))
    path = f"/products/{mug.pk}"
    api.get(path)
    Product.objects.filter(pk=mug.pk).update(name="Written past the store")
    for seconds in (300, 599, 601):
        monkeypatch.setattr(clock, "now", lambda at=begun + timedelta(seconds=seconds): at)
        sell(mug)
        shown.append((api.get(path).data["name"], api.get(path).data["stock"]))
    assert shown == [("Mug", 19), ("Mug", 18), ("Written past the store", 17)]
