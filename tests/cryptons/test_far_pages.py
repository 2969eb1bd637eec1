"""Far pages of long lists."""

import pytest
from django.contrib.admin import site
from django.core.paginator import EmptyPage

from cryptons import long_list
from cryptons import pages as far_pages
from cryptons.api.paging import Cut
from cryptons.long_list import KeysFirst
from cryptons.pages import keys_of, page_of
from shop.models import Product
from tests.factories import CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    category = CategoryFactory()
    for number in range(7):
        ProductFactory(category=category, name=f"Cup {number}", stock=number)
    return Product.objects.order_by("-name").prefetch_related("category")


def names(page) -> list[str]:
    return [product.name for product in page.object_list]


@pytest.mark.parametrize("far", [0, 3, 1_000])
def test_a_page_is_the_same_whether_it_is_far_or_not(rows, monkeypatch, far):
    monkeypatch.setattr(far_pages, "FAR", far)
    pages = KeysFirst(rows.filter(stock__gt=1), 2)
    assert [names(pages.page(number)) for number in (1, 2, 3)] == [["Cup 6", "Cup 5"], ["Cup 4", "Cup 3"], ["Cup 2"]]
    with pytest.raises(EmptyPage):
        pages.page(4)


def test_a_far_page_reads_keys_and_then_its_own_rows(rows, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(far_pages, "FAR", 2)
    pages = KeysFirst(rows, 2)
    assert pages.count == 7
    with django_assert_num_queries(3) as asked:  # keys, rows, their categories
        assert names(pages.page(2)) == ["Cup 4", "Cup 3"]
    assert '"name"' not in asked.captured_queries[0]["sql"].split("FROM")[0]
    assert "OFFSET" not in asked.captured_queries[1]["sql"]


@pytest.mark.parametrize("step", [1, 2, 3, 7, 8])
def test_a_whole_table_is_counted_step_by_step(rows, monkeypatch, django_assert_num_queries, step):
    monkeypatch.setattr(long_list, "STEP", step)
    pages = KeysFirst(rows, 2)
    pages.whole = True
    with django_assert_num_queries(7 // step + 2):  # where each step ends, that there is no other, and the rest
        assert (pages.count, pages.num_pages) == (7, 4)


@pytest.mark.parametrize(
    ("asked", "whole"), [("", True), ("p=3", True), ("stock_state=few", False), ("q=cup&p=2", False)]
)
def test_what_is_narrowed_is_counted_at_once(rf, asked, whole):
    request = rf.get(f"/?{asked}")
    pages = site.get_model_admin(Product).get_paginator(request, Product.objects.all(), 50)
    assert pages.whole == whole


def test_keys_are_in_the_order_of_the_rows(rows):
    keys = list(rows.values_list("pk", flat=True))
    assert keys_of(rows, 1, 3) == tuple(keys[1:4])


def test_lists_that_are_leafed_through_and_lists_of_the_api_have_the_same_far_pages(rows, monkeypatch):
    monkeypatch.setattr(far_pages, "FAR", 2)
    assert names(page_of(rows, number="2", size=3)) == ["Cup 3", "Cup 2", "Cup 1"]
    assert [product.name for product in Cut(2, 3).of(rows, 7)] == ["Cup 3", "Cup 2", "Cup 1"]
    assert Cut(3, 3).of(["a"] * 6 + ["b"], 7) == ["b"]
