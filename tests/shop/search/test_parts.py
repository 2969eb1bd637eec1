"""Searching by the database alone gives the same whether a shop is large or small, and whether few or many have the words."""

from decimal import Decimal
from itertools import product as every

import pytest

from shop.filters import SORTS, Filters
from shop.models import Product
from shop.search import parts, text
from shop.search.finding import DATABASE, find, suggest
from shop.tree import category_tree
from tests.factories import CategoryFactory, ProductFactory

NAMES = ["Blue mug", "Mug, blue", "Blueberry jam", "Old blue mug", "Mugwort", "Smug", "Tin", "Mug"]


@pytest.fixture
def shelf(db, index):
    """Thirty products, all of whose SKUs have the word "sku", and an engine without an index."""
    kitchen = CategoryFactory(name="Kitchen")
    categories = [kitchen, CategoryFactory(name="Cups", parent=kitchen), CategoryFactory(name="Garden")]
    for number in range(30):
        ProductFactory(
            name=NAMES[number % len(NAMES)],
            sku=f"SKU-{number:02}",
            category=categories[number % 3],
            price=Decimal(number * number),
            stock=number % 4,
            rating=Decimal(number % 6),
            is_visible=number % 10 > 0,
        )


@pytest.mark.parametrize(("most", "number"), [(6, 1), (7, 5), (27, 5)])
def test_each_product_on_sale_is_in_one_part(shelf, monkeypatch, most, number):
    monkeypatch.setattr(parts, "PART", 6)
    rows = Product.objects.filter(is_visible=True)
    found = [list(part) for part in parts.in_parts(rows, most=most)]
    assert (len(found), sorted(one.pk for part in found for one in part)) == (number, sorted(one.pk for one in rows))
    assert number == 1 or max(map(len, found)) == 6


QUESTIONS = [
    {},
    {"sort": "price", "in_stock": True},
    {"words": "mug"},
    {"words": "mug", "low": Decimal(4), "high": Decimal(500)},
    {"words": "sku"},
    {"words": "sku blue", "rating": Decimal(3)},
    *({"words": "sku", "sort": sort} for sort in SORTS),
    {"words": "none"},
]


def lists() -> list[tuple[object, ...]]:
    """Return what the database answers to many questions: keys in their order, the total, the facets."""
    tree, answers = category_tree(), []
    places = (None, next(node for node in tree.by_id.values() if node.name == "Cups"))
    for asked, category, (start, facets) in every(QUESTIONS, places, ((0, True), (3, False))):
        filters = Filters(**{"sort": "relevance", **asked})
        part = find(filters=filters, category=category, tree=tree, start=start, limit=5, always_facets=facets)
        assert part.source.engine == DATABASE
        answers.append((asked, part.arranged(list(part.rows), lambda row: row.pk), part.total, part.facets))
    return answers


def test_a_list_and_its_facets_are_the_same_in_parts(shelf, monkeypatch):
    whole = lists()
    assert max(total for _, _, total, _ in whole) == 27
    for part, few in ((4, 0), (11, 5)):
        monkeypatch.setattr(parts, "PART", part)
        monkeypatch.setattr(text, "FEW", few)
        assert lists() == whole


def test_what_few_have_is_looked_for_once(shelf, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(parts, "PART", 4)
    tree = category_tree()
    with django_assert_num_queries(
        4
    ) as asked:  # which, their categories, their stars, their prices; rows so few come in their order
        find(filters=Filters(words="mugwort", sort="relevance"), category=None, tree=tree, start=0, limit=5)
    assert [" LIKE " in query["sql"].split("ORDER BY")[0] for query in asked.captured_queries] == [True] + [False] * 3


def test_names_that_begin_so_are_suggested_before_others_and_each_kind_by_name(shelf):
    Product.objects.filter(sku__gte="SKU-08").delete()
    told = [row["name"] for row in suggest(words="mug", limit=8)]
    assert told == ["Mug", "Mug, blue", "Mugwort", "Old blue mug", "Smug"]
    assert [row["name"] for row in suggest(words="mug", limit=2)] == ["Mug", "Mug, blue"]
    assert [row["name"] for row in suggest(words="mug", limit=4)] == ["Mug", "Mug, blue", "Mugwort", "Old blue mug"]
    assert suggest(words="…!", limit=4) == []
