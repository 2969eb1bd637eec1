"""What every search engine does for the shop (`shop.search.engine.Engine`)."""

import pytest

from shop.search.engine import Query, SearchNotReady
from tests.shop.search.catalogue import document, key, typed


def names(engine, query: Query, *documents) -> list[str]:
    known = {one.id: one.name for one in documents}
    return [known[found] for found in engine.search(query).ids]


def test_without_an_index_it_says_that_it_is_not_ready(empty):
    assert not empty.state().ready
    with pytest.raises(SearchNotReady):
        empty.search(Query(limit=5))
    with pytest.raises(SearchNotReady):
        empty.apply(put=[document("Kettle")], remove=[])


def test_what_was_put_is_found_at_once_and_what_was_removed_is_not(engine):
    engine.apply(put=[document("Copper kettle"), document("Tin kettle")], remove=[])
    assert engine.search(typed("kettle")).total == 2
    engine.apply(put=[], remove=[key("Tin kettle")])
    assert engine.search(typed("kettle")).ids == (key("Copper kettle"),)


def test_putting_a_document_again_replaces_it(holding):
    engine = holding(document("Kettle", price=1_000))
    engine.apply(put=[document("Kettle", price=2_000)], remove=[])
    engine.apply(put=[document("Kettle", price=2_000)], remove=[])
    assert engine.search(Query(limit=5)).total == 1
    assert engine.search(Query(limit=5, low=2_000)).total == 1


def test_a_word_weighs_most_in_the_name_then_sku_then_category_then_description(holding):
    found = [
        document("Four", description="With amber."),
        document("Three", path=("Amber",)),
        document("Two", sku="AMBER-2"),
        document("One amber"),
    ]
    assert names(holding(*found), typed("amber"), *found) == ["One amber", "Two", "Three", "Four"]


def test_all_words_have_to_match(holding):
    found = [document("Copper kettle"), document("Copper pan"), document("Kettle", description="Not of copper.")]
    assert names(holding(*found), typed("copper kettle"), *found) == ["Copper kettle", "Kettle"]


@pytest.mark.parametrize("wrong", ["kettel", "ketle", "kettlle", "kettke", "bettle"])
def test_a_letter_may_be_swapped_missing_doubled_or_wrong(holding, wrong):
    assert holding(document("Kettle"), document("Pan")).search(typed(wrong)).ids == (key("Kettle"),)


def test_what_is_exact_ranks_above_what_is_a_letter_off(holding):
    found = [document("Mettle"), document("Stone", description="For a kettle.")]
    assert names(holding(*found), typed("kettle"), *found) == ["Stone", "Mettle"]


def test_short_words_and_numbers_are_taken_as_they_are(holding):
    engine = holding(document("Red bed 2024"))
    assert engine.search(typed("rad")).total == 0
    assert engine.search(typed("2025")).total == 0
