"""Whatever is changed, by whichever service: the next look at anything is what would be made anew."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from accounts.services import edit_account
from cryptons import clock
from payments import rates
from reviews import services as reviews
from shop.services import change_product, change_stock, delete_product, return_stock, show_products, take_stock
from tests.factories import BOSS, CategoryFactory, ProductFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [
    "/",
    "/products/",
    "/products/?stock=1",
    "/products/?sort=price",
    "/c/cups/",
    "/p/mug/",
    "/p/bowl/",
    "/api/products",
    "/api/products?inStock=true",
    "/api/products/mug",
    "/api/products/bowl",
    "/api/categories",
    "/api/categories/cups",
    "/api/rates",
]


class Shop:
    """Two products, somebody who reviewed one of them, and staff."""

    def __init__(self):
        self.staff, self.author, self.reader = StaffFactory(is_superuser=True), UserFactory(), UserFactory()
        self.cups = CategoryFactory(name="Cups", slug="cups")
        self.mug = ProductFactory(name="Mug", slug="mug", category=self.cups, stock=20, price=Decimal(10))
        self.bowl = ProductFactory(name="Bowl", slug="bowl", category=self.cups, stock=20, price=Decimal(20))
        self.review = reviews.write_review(actor=self.author, product_id=self.mug.pk, rating=4, comment="Holds tea.")
        self.approve(True)

    def approve(self, approved):
        reviews.approve_review(actor=self.staff, review_id=self.review.pk, approved=approved)

    def write(self, **values):
        change_product(actor=self.staff, product_id=self.mug.pk, values=values)

    def rename_category(self):
        self.cups.name = "Mugs"
        self.cups.save()


CHANGES = {
    "price": lambda shop: shop.write(price=Decimal(11)),
    "name": lambda shop: shop.write(name="Beaker"),
    "slug": lambda shop: shop.write(slug="beaker"),
    "an order of one": lambda shop: take_stock(items=[(shop.mug.pk, 1)]),
    "an order that leaves few": lambda shop: take_stock(items=[(shop.mug.pk, 17)]),
    "an order that leaves none": lambda shop: take_stock(items=[(shop.mug.pk, 20)]),
    "pieces given back": lambda shop: return_stock(items=[(shop.bowl.pk, 3)]),
    "stock counted": lambda shop: change_stock(actor=BOSS, product_id=shop.bowl.pk, by=-16),
    "hidden": lambda shop: show_products(actor=BOSS, product_ids=[shop.bowl.pk], visible=False),
    "deleted": lambda shop: delete_product(actor=shop.staff, product_id=shop.bowl.pk),
    "a new product": lambda shop: ProductFactory(name="Cup", slug="cup", category=shop.cups),
    "a category renamed": Shop.rename_category,
    "a new category": lambda shop: CategoryFactory(name="Bowls", slug="bowls", parent=shop.cups),
    "a review taken away": lambda shop: shop.approve(False),
    "a review changed": lambda shop: reviews.edit_review(actor=shop.author, review_id=shop.review.pk, comment="Leaks."),
    "a review deleted": lambda shop: reviews.delete_review(actor=shop.author, review_id=shop.review.pk),
    "a vote": lambda shop: reviews.vote_helpful(actor=shop.reader, review_id=shop.review.pk),
    "the reviewer's name": lambda shop: edit_account(user=shop.author, username="ada-the-second"),
    "the reviewer's account": lambda shop: shop.author.delete(),
}


@pytest.fixture
def shop(settings, monkeypatch):
    now = clock.now().replace(second=10, microsecond=0)
    monkeypatch.setattr(clock, "now", lambda: now)
    settings.RATELIMIT_API = (100_000, 900)
    shop = Shop()
    settings.PAGE_CACHE_SECONDS = 600
    return shop


def seen():
    return {path: (answer.status_code, answer.content) for path in LOOKS if (answer := Client().get(path))}


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_everything_is_as_if_it_were_made_anew(shop, settings, change):
    before = seen()
    assert seen() == before
    CHANGES[change](shop)
    after = seen()
    settings.PAGE_CACHE_SECONDS = 0
    assert after == seen()
    assert after != before or change == "a new category"


def test_an_order_leaves_the_pages_of_other_products_and_all_lists_as_they_were(shop, django_assert_num_queries):
    seen()
    take_stock(items=[(shop.mug.pk, 1)])
    with django_assert_num_queries(0):
        for path in ("/", "/products/", "/p/mug/", "/p/bowl/", "/api/products/bowl", "/api/categories"):
            assert Client().get(path).status_code == 200


def test_a_new_price_of_bitcoin_is_on_every_page(shop, settings, monkeypatch):
    settings.RATE_SOURCE = "kraken"
    monkeypatch.setitem(rates.SOURCES, "kraken", lambda _currency: Decimal(50_000))
    rates.fetch("EUR")
    assert "0.0002" in Client().get("/p/mug/").content.decode()
    monkeypatch.setitem(rates.SOURCES, "kraken", lambda _currency: Decimal(40_000))
    rates.fetch("EUR")
    assert "0.00025" in Client().get("/p/mug/").content.decode()
    assert Client().get("/api/rates").json()["data"]["rates"]["BTC"]["price"] == 40_000


def test_a_price_of_bitcoin_that_grew_too_old_is_on_no_page(shop, settings, monkeypatch):
    settings.RATE_SOURCE = "kraken"
    monkeypatch.setitem(rates.SOURCES, "kraken", lambda _currency: Decimal(50_000))
    rates.fetch("EUR")
    assert "BTC, rate of" in Client().get("/p/mug/").content.decode()
    late = clock.now() + settings.RATE_MAX_AGE + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: late)
    assert "BTC, rate of" not in Client().get("/p/mug/").content.decode()
    assert Client().get("/api/rates").json()["data"]["rates"]["BTC"] is None
