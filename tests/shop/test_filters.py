from decimal import Decimal
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.filters import SORTS, parse, sorts_for


def test_it_reads_what_was_asked():
    filters = parse({"q": "  pen  ", "min": "10", "max": "19,90", "stock": "1", "sort": "-price"})
    assert (filters.words, filters.low, filters.high) == ("pen", Decimal(10), Decimal("19.90"))
    assert (filters.in_stock, filters.sort, filters.errors) == (True, "-price", {})


def test_its_query_string_holds_all_that_was_chosen():
    filters = parse({"q": "a b", "min": "10", "max": "20", "stock": "1", "sort": "price"})
    assert filters.query() == "?q=a+b&min=10&max=20&stock=1&sort=price"


def test_the_plain_list_has_no_query_string():
    assert parse({"q": "", "min": "", "sort": "newest"}).query() == ""


def test_taking_one_off_keeps_the_others():
    filters = parse({"q": "pen", "min": "10", "stock": "1"})
    assert filters.without("low").query() == "?q=pen&stock=1"


@pytest.mark.parametrize("typed", ["abc", "-5", "1e9", "NaN", "10.1234", "1,000.00", "٣", "9" * 12])
def test_it_names_a_price_that_is_none_and_leaves_it_out(typed):
    filters = parse({"min": typed, "max": "20"})
    assert set(filters.errors) == {"min"}
    assert filters.low is None
    assert filters.high == Decimal(20)
    assert filters.typed["min"] == typed


def test_prices_the_wrong_way_round_are_turned():
    filters = parse({"min": "20", "max": "10"})
    assert (filters.low, filters.high) == (Decimal(10), Decimal(20))


@given(st.dictionaries(st.sampled_from(["q", "min", "max", "stock", "rating", "sort"]), st.text(max_size=200)))
def test_anything_sent_gives_filters_whose_query_string_means_the_same(sent):
    filters = parse(sent)
    assert filters.sort in SORTS
    assert not any(ord(character) < 32 for character in filters.words)
    again = parse(dict(parse_qsl(filters.query()[1:])))
    assert (again.words, again.low, again.high, again.in_stock, again.rating, again.sort) == (
        filters.words,
        filters.low,
        filters.high,
        filters.in_stock,
        filters.rating,
        filters.sort,
    )


def test_words_are_sorted_by_relevance_unless_something_else_is_chosen():
    assert parse({"q": "pen"}).sort == "relevance"
    assert parse({"q": "pen", "sort": "newest"}).query() == "?q=pen&sort=newest"
    assert parse({"sort": "relevance"}).sort == "newest"
    assert parse({"q": "pen"}).without("words").query() == ""
    assert "relevance" not in sorts_for("")


@pytest.mark.parametrize(("sent", "rating"), [("4", Decimal(4)), ("5", None), ("0", None), ("4.5", None), ("x", None)])
def test_a_rating_is_one_to_four_stars(sent, rating):
    assert parse({"rating": sent}).rating == rating
