"""The list, with the engine and without it."""

from decimal import Decimal

import pytest
from django.test import override_settings

from shop.filters import Filters
from shop.models import Product, SearchChange
from shop.search import asking
from shop.search.applying import apply_changes
from shop.search.choice import chosen_engine
from shop.search.engine import SearchFailed, SearchUnavailable
from shop.search.finding import find, suggest
from shop.search.rebuilding import rebuild
from shop.tree import category_tree
from tests.factories import CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db


def found(words="", category=None, start=0, limit=10, **filters):
    part = find(
        filters=Filters(words=words, **{"sort": "relevance", **filters}),
        category=category,
        tree=category_tree(),
        start=start,
        limit=limit,
    )
    names = [row.name for row in part.arranged(list(part.rows), lambda row: row.pk)]
    return names, part


@pytest.fixture
def shelf(index):
    kitchen = CategoryFactory(name="Kitchen")
    coffee = CategoryFactory(name="Coffee", parent=kitchen)
    ProductFactory(name="Copper kettle", category=coffee, price="48.00", stock=3, rating="4.50", rating_count=2)
    ProductFactory(name="Tin kettle", category=kitchen, price="12.00", stock=0)
    ProductFactory(name="Kettle stand", category=kitchen, price="9.90", stock=1, is_visible=False)
    ProductFactory(name="Cup", category=coffee, price="8.00", stock=5)
    rebuild()


def test_words_are_answered_by_the_engine(shelf):
    names, part = found("kettel")
    assert sorted(names) == ["Copper kettle", "Tin kettle"]
    assert (part.total, part.source.engine, part.source.degraded) == (2, "tantivy", False)


def test_letters_are_forgiven_only_where_nothing_is_spelled_so(shelf):
    ProductFactory(name="Nettle tea")
    apply_changes()
    assert sorted(found("kettle")[0]) == ["Copper kettle", "Tin kettle"]
    assert [row["name"] for row in suggest(words="nettle")] == ["Nettle tea"]
    assert sorted(found("mettle")[0]) == ["Copper kettle", "Nettle tea", "Tin kettle"]
    # Whatever the filters: the words stand in the shop as they were typed.
    assert found("nettle", in_stock=True, low=Decimal(40))[0] == []


def test_what_was_hidden_since_is_never_shown(shelf):
    Product.objects.filter(name="Tin kettle").update(is_visible=False)
    names, _ = found("kettle")
    assert names == ["Copper kettle"]
    assert [row["name"] for row in suggest(words="kettle", limit=8)] == ["Copper kettle"]


def test_without_words_rows_and_total_are_as_the_database_is_now(shelf):
    ProductFactory(name="Plate", price="5.00")
    names, part = found(sort="price")
    assert names == ["Plate", "Cup", "Tin kettle", "Copper kettle"]
    assert (part.total, part.source.degraded) == (4, False)


def test_a_narrowed_list_knows_what_was_just_written(shelf, django_assert_num_queries):
    SearchChange.objects.all().delete()
    category_tree()
    with django_assert_num_queries(2):  # whether anything waits, and the rows
        names, _ = found(sort="price", in_stock=True)
    assert names == ["Cup", "Copper kettle"]
    ProductFactory(name="Plate", price="5.00")
    names, part = found(sort="price", in_stock=True)
    assert (names, part.total) == (["Plate", "Cup", "Copper kettle"], 3)


def test_facets_are_the_same_from_engine_and_database(shelf, monkeypatch):
    for words, filters in [("", {}), ("kettle", {}), ("", {"high": Decimal("20.00")}), ("", {"in_stock": True})]:
        _, by_engine = found(words, **filters)
        monkeypatch.setattr("shop.search.finding.ask", lambda question: None)
        _, by_database = found(words, **filters)
        monkeypatch.undo()
        assert by_engine.facets == by_database.facets
        assert not by_engine.source.degraded
        assert by_database.source.degraded


def test_without_an_index_the_database_answers_and_says_so():
    ProductFactory(name="Copper kettle")
    with override_settings(SEARCH_ENGINE="shop.search.embedded.from_settings"):
        names, part = found("kettle")
    assert names == ["Copper kettle"]
    assert (part.source.engine, part.source.degraded) == ("database", True)


class Away:
    name = "away"
    asked = 0
    error: type[SearchUnavailable] = SearchUnavailable

    def search(self, query):
        type(self).asked += 1
        raise self.error("It does not answer.")

    suggest = search


def test_an_engine_that_is_away_is_left_alone_for_a_while(shelf, settings):
    settings.SEARCH_ENGINE = f"{__name__}.Away"
    Away.asked, Away.error = 0, SearchUnavailable
    assert [found("kettle")[1].source.degraded for _ in range(5)] == [True] * 5
    assert suggest(words="kettle", limit=8)
    assert Away.asked == 1
    asking.wake()
    found("kettle")
    assert Away.asked == 2


def test_one_failed_question_does_not_keep_others_from_being_asked(shelf, settings):
    settings.SEARCH_ENGINE = f"{__name__}.Away"
    Away.asked, Away.error = 0, SearchFailed
    assert [found("kettle")[1].source.degraded for _ in range(3)] == [True] * 3
    assert Away.asked == 3


def test_signs_alone_are_looked_for_in_the_database(shelf):
    names, part = found("…!")
    assert (names, part.total, part.source.degraded) == ([], 0, False)


def test_a_page_past_the_end_is_empty_and_knows_the_total(shelf):
    names, part = found("kettle", start=20)
    assert (names, part.total) == ([], 2)


def test_a_change_is_found_once_it_is_applied(shelf):
    ProductFactory(name="Samovar", sku="SAM-1")
    assert found("samovar")[0] == []
    assert apply_changes() >= 1
    assert found("samovar")[0] == ["Samovar"]
    assert not SearchChange.objects.exists()
    assert chosen_engine().state().documents == 4
