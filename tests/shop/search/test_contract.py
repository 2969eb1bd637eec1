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


def test_the_last_word_may_go_on_and_the_others_may_not(holding):
    engine = holding(document("Copper kettle"), document("Kettle"))
    assert engine.search(typed("copper ket")).ids == (key("Copper kettle"),)
    assert engine.search(typed("cop kettle")).total == 0
    assert engine.search(typed("ket")).total == 2


@pytest.mark.parametrize("typing", ["creme brulee", "CRÈME BRÛLÉE", "Cre\u0300me bru\u0302le\u0301e"])
def test_capitals_and_diacritics_make_no_difference(holding, typing):
    assert holding(document("Crème-Brûlée torch")).search(typed(typing)).ids == (key("Crème-Brûlée torch"),)


@pytest.mark.parametrize("typing", ["KET-100-RED", "ket100red", "ket 100", "100-red", "100r", "KET"])
def test_a_sku_is_found_whole_and_by_part(holding, typing):
    engine = holding(document("Kettle", sku="KET-100-RED"), document("Pan", sku="PAN-7"))
    assert engine.search(typed(typing)).ids[0] == key("Kettle")


def test_the_whole_sku_comes_first(holding):
    engine = holding(document("Red ket 1"), document("Kettle", sku="KET-1"), document("Lid", sku="KET-1-LID"))
    assert engine.search(typed("KET-1")).ids[0] == key("Kettle")


@pytest.mark.parametrize("typing", ["kettle", "red kettle"])
def test_a_synonym_finds_as_well_but_ranks_below(holding, typing):
    engine = holding(document("Red water boiler"), document("Red kettle"), document("Red water"))
    synonyms = {("kettle",): [("water", "boiler")], ("water", "boiler"): [("kettle",)]}
    assert engine.search(typed(typing, synonyms)).ids == (key("Red kettle"), key("Red water boiler"))
    found = engine.search(typed(typing.replace("kettle", "water boiler"), synonyms)).ids
    assert found == (key("Red water boiler"), key("Red kettle"))


def test_signs_alone_are_no_words_and_find_everything(holding):
    assert holding(document("Kettle")).search(typed("… !? *", sort="newest")).total == 1


@pytest.mark.parametrize("typing", ["kettle AND (", 'name:"x', "kettle~9", "[* TO *]", "a.*b", "\\", "+-/"])
def test_signs_of_a_query_language_mean_nothing(holding, typing):
    assert holding(document("Pan")).search(typed(typing, low=1)).total in {0, 1}


def test_filters_and_words_combine(holding):
    engine = holding(
        document("Kettle one", price=1_000, rating=450, path=("Kitchen", "Coffee")),
        document("Kettle two", price=2_000, rating=300, path=("Kitchen",)),
        document("Kettle three", price=3_000, in_stock=False, path=("Garden",)),
        document("Pan", price=1_000, rating=500, path=("Kitchen", "Coffee")),
    )

    def found(**filters):
        return set(engine.search(typed("kettle", **filters)).ids)

    assert found(category=key("Kitchen")) == {key("Kettle one"), key("Kettle two")}
    assert found(category=key("Coffee")) == {key("Kettle one")}
    assert found(low=2_000) == {key("Kettle two"), key("Kettle three")}
    assert found(high=2_000) == {key("Kettle one"), key("Kettle two")}
    assert found(low=1_001, high=2_999) == {key("Kettle two")}
    assert found(rating=400) == {key("Kettle one")}
    assert found(in_stock=True) == {key("Kettle one"), key("Kettle two")}
    assert found(category=key("Nowhere")) == set()


ORDERED = [
    document("apple", price=3_000, rating=400, rating_count=2, created=5),
    document("Éclair", price=1_000, rating=500, rating_count=1, created=4),
    document("Zebra", price=2_000, rating=400, rating_count=9, created=3),
    document("Banana", price=1_000, rating=400, rating_count=2, created=6),
]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("price", ["Banana Éclair", "Zebra", "apple"]),
        ("-price", ["apple", "Zebra", "Banana Éclair"]),
        ("name", ["apple", "Banana", "Éclair", "Zebra"]),
        ("rating", ["Éclair", "Zebra", "Banana", "apple"]),
        ("newest", ["Banana", "apple", "Éclair", "Zebra"]),
    ],
)
def test_it_sorts_and_settles_equals_by_the_key(holding, sort, order):
    equal = sorted(["Banana", "Éclair"], key=key)
    expected = [name for part in order for name in (equal if " " in part else [part])]
    assert names(holding(*ORDERED), Query(sort=sort, limit=10), *ORDERED) == expected


@pytest.mark.parametrize("sort", ["relevance", "price", "-price", "name", "rating", "newest"])
def test_pages_neither_overlap_nor_leave_anything_out(engine, sort):
    engine.apply(put=[document(f"Kettle {number}") for number in range(12)], remove=[])
    engine.apply(put=[document(f"Kettle {number}") for number in range(12, 25)], remove=[])
    pages = [engine.search(typed("kettle", sort=sort, start=start, limit=7)) for start in range(0, 35, 7)]
    assert [len(page.ids) for page in pages] == [7, 7, 7, 4, 0]
    assert {page.total for page in pages} == {25}
    assert len({found for page in pages for found in page.ids}) == 25


def test_facets_count_all_that_matches_and_not_the_page(holding):
    engine = holding(
        document("Kettle one", price=1_000, rating=450, path=("Kitchen", "Coffee")),
        document("Kettle two", price=9_000, rating=300, path=("Kitchen",)),
        document("Kettle three", price=10_000, in_stock=False, path=("Garden",)),
        document("Pan", price=90_000, rating=500, path=("Kitchen",)),
    )
    facets = engine.search(typed("kettle", limit=1, facets=True)).facets
    assert facets is not None
    assert dict(facets.categories) == {key("Kitchen"): 2, key("Coffee"): 1, key("Garden"): 1}
    assert [facets.ratings.get(stars, 0) for stars in (4, 3, 2, 1)] == [1, 2, 2, 2]
    assert facets.in_stock == 2
    assert [band for band in facets.prices if band[2]] == [
        (1_000, 2_490, 1),
        (5_000, 9_990, 1),
        (10_000, 24_990, 1),
    ]


def test_facets_of_nothing_are_empty(engine):
    found = engine.search(Query(facets=True))
    assert (found.ids, found.total) == ((), 0)
    assert found.facets is not None
    assert not found.facets.categories
    assert found.facets.prices == ()


def test_facets_are_only_counted_where_they_are_asked_for(holding):
    assert holding(document("Kettle")).search(typed("kettle")).facets is None


def test_suggestions_begin_with_what_was_typed_and_leave_out_descriptions(holding):
    engine = holding(
        document("Copper kettle"),
        document("Kettle lid"),
        document("Pan", description="No kettle."),
        document("Stand", sku="KETTLE-9"),
    )
    found = engine.suggest(typed("kett", limit=8))
    assert found[0] == key("Kettle lid")
    assert set(found) == {key("Kettle lid"), key("Copper kettle"), key("Stand")}
    assert engine.suggest(typed("copper kett", limit=8)) == (key("Copper kettle"),)
    assert key("Kettle lid") in engine.suggest(typed("kettel", limit=8))
    assert len(engine.suggest(typed("kett", limit=2))) == 2


def test_a_rebuild_holds_what_it_was_given_and_nothing_else(holding):
    engine = holding(document("Old kettle"))
    assert engine.rebuild(document(f"Kettle {number}") for number in range(30)) == 30
    assert engine.search(Query()).total == 30
    assert engine.state().documents == 30
    assert engine.search(typed("old")).total == 0


def test_the_old_index_answers_until_the_new_one_is_whole(holding):
    engine = holding(document("Old kettle"))
    seen = []

    def stream():
        yield document("New kettle")
        seen.append(engine.search(typed("kettle")).ids)
        engine.apply(put=[document("Late kettle")], remove=[])
        seen.append(engine.search(typed("late")).ids)

    engine.rebuild(stream())
    assert seen == [(key("Old kettle"),), (key("Late kettle"),)]
    assert engine.search(typed("kettle")).ids == (key("New kettle"),)


def test_a_rebuild_that_fails_leaves_the_old_index(holding):
    engine = holding(document("Old kettle"))

    def broken():
        yield document("New kettle")
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        engine.rebuild(broken())
    assert engine.search(typed("kettle")).ids == (key("Old kettle"),)
    engine.apply(put=[document("Another kettle")], remove=[])
    assert engine.state().documents == 2


def test_it_tells_what_it_holds(holding):
    held = [document("Kettle"), document("Pan", price=5)]
    engine = holding(*held)
    assert dict(engine.fingerprints()) == {one.id: one.fingerprint for one in held}
    engine.apply(put=[document("Pan", price=6)], remove=[key("Kettle")])
    assert dict(engine.fingerprints()) == {key("Pan"): document("Pan", price=6).fingerprint}


def test_what_cannot_be_put_in_leaves_everything_as_it_was(holding):
    engine = holding(document("Kettle"))
    with pytest.raises(Exception):  # noqa: B017 (whatever the engine makes of it)
        engine.apply(put=[document("Pan"), document("Pot", price="much")], remove=[key("Kettle")])
    assert set(dict(engine.fingerprints())) == {key("Kettle")}
