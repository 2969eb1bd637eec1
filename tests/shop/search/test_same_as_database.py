"""Without words the engine and the database choose the same products, count them the same and put them in the same order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from shop import selectors
from shop.facets import facets_of
from shop.filters import Filters
from shop.models import Product
from shop.search.asking import query_of
from shop.search.finding import as_facets
from shop.search.rebuilding import rebuild
from shop.tree import Tree, category_tree
from tests.factories import CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db

PRICES = ["0.010", "0.990", "1.000", "9.999", "10.000", "10.005", "49.500", "50.000", "1234.560", "999999999.990"]
RATINGS = ["0.00", "1.00", "2.99", "3.00", "4.50", "5.00"]
SOME = partial(some.one_of, some.none())


@pytest.fixture
def shelf(index) -> Tree:
    """Products of every price and rating, in a tree of three levels, some of them made in the same moment."""
    root = CategoryFactory(name="Kitchen")
    middle = CategoryFactory(name="Coffee", parent=root)
    categories = [root, middle, CategoryFactory(name="Kettles", parent=middle), CategoryFactory(name="Garden")]
    for number in range(40):
        product = ProductFactory(
            name=f"Thing {number % 7}",
            category=categories[number % 4],
            price=PRICES[number % len(PRICES)],
            stock=number % 3,
            rating=RATINGS[number % len(RATINGS)],
            rating_count=number % 2,
            is_visible=number % 11 > 0,
        )
        made = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=number // 3)
        Product.objects.filter(pk=product.pk).update(created_at=made)
    rebuild()
    return category_tree()


BOUNDS = SOME(some.sampled_from([Decimal(price) for price in PRICES]) | some.decimals("0", "2000", places=3))
FILTERS = some.builds(
    Filters,
    words=some.just(""),
    low=BOUNDS,
    high=BOUNDS,
    rating=SOME(some.decimals("0", "5", places=2)),
    in_stock=some.booleans(),
    sort=some.sampled_from(["price", "-price", "rating", "newest", "relevance"]),
    errors=some.just({}),
    typed=some.just({}),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters=FILTERS, place=SOME(some.integers(0, 3)), start=some.integers(0, 45), limit=some.integers(1, 45))
def test_engine_and_database_agree(index, shelf, filters, place, start, limit):
    category = None if place is None else list(shelf.by_id.values())[place]
    key = category.id if category else None
    found = index.search(query_of(filters, category=key, start=start, limit=limit, facets=True))
    rows = selectors.matching(filters=filters, category=category)
    ordered = selectors.arranged(rows, filters=filters).values_list("pk", flat=True)
    assert found.ids == tuple(ordered[start : start + limit])
    facets = facets_of(parts=[rows], filters=filters, tree=shelf)
    assert as_facets(found.facets, found.total, shelf, filters) == facets
    for band in facets.prices:
        followed = replace(filters, low=band.min, high=band.max)
        assert selectors.matching(filters=followed, category=category).count() == band.count


def test_what_is_hidden_between_two_questions_leaves_facets_of_nothing(shelf):
    nothing = facets_of(parts=[Product.objects.none()], filters=Filters(), tree=shelf)
    hiding = iter([True])

    def hide_after_the_first(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if next(hiding, False):
            Product.objects.update(is_visible=False)
        return result

    with connection.execute_wrapper(hide_after_the_first):
        rows = Product.objects.filter(is_visible=True)
        assert facets_of(parts=[rows], filters=Filters(), tree=shelf) == nothing


def test_names_are_in_the_order_of_the_folded_names(index):
    for name in ["zebra", "Éclair", "apple", "Banana", "apple pie"]:
        ProductFactory(name=name)
    rebuild()
    found = index.search(query_of(Filters(sort="name"), category=None, start=0, limit=9, facets=False))
    names = dict(Product.objects.values_list("pk", "name"))
    assert [names[key] for key in found.ids] == ["apple", "apple pie", "Banana", "Éclair", "zebra"]
