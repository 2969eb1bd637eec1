"""The demo store is whole, believable in its numbers, and each of its pictures is its own."""

from collections import Counter
from hashlib import sha256

import pytest
from django.utils.text import slugify

from shop.demo import reading
from shop.demo.art.scene import VIEWS, picture

PRODUCTS = reading.products()
CATEGORIES = {item.slug: item for item in reading.categories()}


def depth(slug):
    return 1 + depth(CATEGORIES[slug].parent) if slug else 0


def drawn(item, view="front"):
    image = picture(kind=item.kind, view=view, look=item.look, backdrop=item.backdrop, seed=item.sku, size=60)
    return sha256(image.tobytes()).hexdigest()


def test_it_offers_at_least_64_products_in_at_least_10_categories():
    assert len(PRODUCTS) >= 64
    assert len(CATEGORIES) >= 10


def test_its_tree_has_three_levels_and_parents_come_first():
    seen = {""}
    for item in CATEGORIES.values():
        assert item.parent in seen
        seen.add(item.slug)
    assert max(depth(slug) for slug in CATEGORIES) == 3


def test_every_product_lies_in_a_category_without_children():
    parents = {item.parent for item in CATEGORIES.values()}
    assert {item.category for item in PRODUCTS} == set(CATEGORIES) - parents


@pytest.mark.parametrize("field", ["sku", "name", "summary", "description"])
def test_no_two_products_share_it(field):
    assert [value for value, count in Counter(getattr(item, field) for item in PRODUCTS).items() if count > 1] == []


def test_no_two_products_share_an_address():
    assert len({slugify(item.name) for item in PRODUCTS}) == len(PRODUCTS)


def test_some_are_sold_out_and_some_nearly():
    sold_out = sum(item.stock == 0 for item in PRODUCTS) / len(PRODUCTS)
    nearly = sum(1 <= item.stock <= 3 for item in PRODUCTS) / len(PRODUCTS)
    assert 0.05 <= sold_out <= 0.12
    assert 0.05 <= nearly <= 0.15


def test_prices_reach_every_tier_of_confirmations():
    prices = [item.price for item in PRODUCTS]
    assert sum(price < 20 for price in prices) >= 5
    assert sum(1000 <= price < 10_000 for price in prices) >= 3
    assert sum(price >= 10_000 for price in prices) >= 1


def test_descriptions_are_several_sentences_and_fit_their_fields():
    for item in PRODUCTS:
        assert item.description.count(".") >= 3, item.sku
        assert len(item.name) <= 160
        assert len(item.summary) <= 240


@pytest.mark.parametrize("view", VIEWS)
def test_no_two_products_have_the_same_picture(view):
    assert len({drawn(item, view) for item in PRODUCTS}) == len(PRODUCTS)


def test_a_picture_is_drawn_the_same_again():
    assert drawn(PRODUCTS[0], "context") == drawn(PRODUCTS[0], "context")
