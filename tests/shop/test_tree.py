from datetime import timedelta

import pytest
from django.test import TestCase

from cryptons import clock, freshness
from shop.services import show_products
from shop.tree import LONGEST, category_tree
from tests.factories import BOSS, CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db


def test_counts_add_up_towards_the_root(kettle, kitchen):
    ProductFactory(category=kitchen)
    tree = category_tree()
    assert (tree.by_slug["kitchen"].count, tree.by_slug["coffee"].count) == (2, 1)
    assert [node.name for node in tree.by_slug["coffee"].path()] == ["Kitchen", "Coffee"]


def test_it_is_read_in_two_queries_and_then_kept(kettle, django_assert_num_queries):
    with django_assert_num_queries(2):
        category_tree()
    with django_assert_num_queries(0):
        category_tree()


def test_what_changes_it_is_seen_at_once(kettle):
    assert category_tree().by_slug["kitchen"].count == 1
    with TestCase.captureOnCommitCallbacks(execute=True):
        show_products(actor=BOSS, product_ids=[kettle.pk], visible=False)
    assert category_tree().by_slug["kitchen"].count == 0
    with TestCase.captureOnCommitCallbacks(execute=True):
        CategoryFactory(slug="attic")
    assert "attic" in category_tree().by_slug


def test_what_was_written_past_the_program_counts_after_a_minute(kettle, monkeypatch, django_assert_num_queries):
    category_tree()
    ProductFactory._meta.model.objects.update(is_visible=False)
    assert (category_tree().count, category_tree().by_slug["kitchen"].count) == (1, 1)
    later = clock.now() + timedelta(seconds=LONGEST)
    monkeypatch.setattr(clock, "now", lambda: later)
    with django_assert_num_queries(2):
        assert (category_tree().count, category_tree().by_slug["kitchen"].count) == (0, 0)


def test_a_branch_below_itself_breaks_no_page(client, kitchen, coffee):
    ProductFactory(category=kitchen, name="Lost mug", slug="lost-mug")
    type(kitchen).objects.filter(pk=kitchen.pk).update(parent=coffee)
    assert client.get("/products/").status_code == 200
    assert client.get("/c/kitchen/").status_code == 404
    assert client.get("/p/lost-mug/").status_code == 200


def test_a_category_added_by_another_process_is_found(client, kitchen):
    category_tree()
    # No signal here: another process wrote it, and told everybody.
    CategoryFactory._meta.model.objects.bulk_create([CategoryFactory.build(slug="attic")])
    freshness.tell(freshness.CATALOGUE)
    assert client.get("/c/attic/").status_code == 200
