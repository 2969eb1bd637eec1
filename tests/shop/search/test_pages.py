"""The storefront's list, facets and search box."""

from decimal import Decimal

import pytest
from django.test import override_settings

from shop.facets import bands, merged
from shop.filters import Filters
from shop.search.rebuilding import rebuild
from tests.factories import CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(index):
    kitchen = CategoryFactory(name="Kitchen", slug="kitchen")
    coffee = CategoryFactory(name="Coffee", slug="coffee", parent=kitchen)
    garden = CategoryFactory(name="Garden", slug="garden")
    ProductFactory(name="Copper kettle", category=coffee, price="48.00", rating="4.50", rating_count=2)
    ProductFactory(name="Tin kettle", category=kitchen, price="12.00", stock=0)
    ProductFactory(name="Garden kettle", category=garden, price="19.00")
    ProductFactory(name="Rake", category=garden, price="30.00", rating="3.00", rating_count=1)
    rebuild()


def listed(client, address: str):
    response = client.get(address)
    return [card.name for card in response.context["page"].object_list], response.context["listed"]


def test_a_typo_is_forgiven_and_the_best_match_comes_first(client, shelf):
    names, shown = listed(client, "/products/?q=coper+kettle")
    assert names == ["Copper kettle"]
    assert not shown.source.degraded
    body = client.get("/products/?q=kettle").content.decode()
    assert '<option value="relevance" selected>Best match first</option>' in body
    assert "Best match first" not in client.get("/products/").content.decode()


def test_every_way_to_narrow_leads_to_as_many_products_as_it_says(client, shelf):
    for address in ("/products/?q=kettle", "/products/", "/products/?min=13&max=48", "/c/kitchen/"):
        _, shown = listed(client, address)
        links = [link for _heading, group in shown.narrowers for link in group]
        assert links or address == "/c/kitchen/"
        for link in [*links, *shown.branches]:
            assert listed(client, link.url)[1].page.paginator.count == link.count


def test_categories_count_what_the_filters_leave_and_keep_the_others_in_sight(client, shelf):
    _, shown = listed(client, "/c/kitchen/?q=kettle&stock=1")
    assert [(branch.name, branch.count, branch.is_here) for branch in shown.branches] == [
        ("Garden", 1, False),
        ("Kitchen", 1, True),
    ]
    assert [(branch.name, branch.count) for branch in shown.branches[1].children] == [("Coffee", 1)]


def test_what_would_change_nothing_is_no_way_to_narrow(client, shelf):
    _, shown = listed(client, "/products/?q=rake")
    assert shown.narrowers == ()


def test_a_chosen_rating_can_be_taken_off(client, shelf):
    names, _ = listed(client, "/products/?rating=3&sort=rating")
    assert names == ["Copper kettle", "Rake"]
    chips = client.get("/products/?rating=3").context["chips"]
    assert [(chip.label, chip.url) for chip in chips] == [("3 stars or more", "/products/")]


def test_a_page_past_the_end_is_the_last_one(client, shelf):
    ProductFactory.create_batch(14, name="Tin kettle again")
    rebuild()
    names, shown = listed(client, "/products/?q=kettle&page=9")
    assert (shown.page.number, len(names), shown.page.paginator.count) == (2, 5, 17)


def test_without_the_engine_the_page_says_so_quietly(client):
    ProductFactory(name="Copper kettle")
    with override_settings(SEARCH_ENGINE="shop.search.embedded.from_settings"):
        body = client.get("/products/?q=kettle").content.decode()
        assert "Copper kettle" in body
        assert "The search is simpler than usual" in body
        assert "The search is simpler than usual" not in client.get("/products/").content.decode()


def test_the_list_costs_no_more_queries_with_facets(client, shelf, django_assert_num_queries):
    with django_assert_num_queries(4):  # categories, counts, which, pictures
        client.get("/products/?q=kettle")
    with django_assert_num_queries(2):  # which, pictures; the tree is kept and knows how many
        client.get("/products/")


def test_the_search_box_gets_options_that_lead_to_products(client, shelf):
    body = client.get("/search/suggestions/?q=ket").content.decode()
    assert body.count("<li data-url=") == 3
    assert '<li data-url="/p/' in body
    assert client.get("/search/suggestions/?q=k").content.strip() == b""
    assert client.get("/search/suggestions/").content.strip() == b""


def test_suggestions_are_escaped(client, index):
    ProductFactory(name='<img src="x"> kettle')
    rebuild()
    assert "&lt;img" in client.get("/search/suggestions/?q=kettle").content.decode()


def test_an_empty_result_in_a_category_offers_the_whole_shop(client, shelf):
    body = client.get("/c/kitchen/?q=rake").content.decode()
    assert 'href="/products/?q=rake"' in body
    assert "Nothing matches" in body


def spelled(found) -> list[str]:
    return [f"{low}-{high}" for low, high in found]


def test_price_bands_grow_with_the_price():
    assert spelled(bands(Decimal("12"), Decimal("900"))) == [
        "10.00-24.99",
        "25.00-49.99",
        "50.00-99.99",
        "100.00-249.99",
        "250.00-499.99",
        "500.00-999.99",
    ]
    assert spelled(bands(Decimal(0), Decimal("0.12"))) == [
        "0.01-0.04",
        "0.05-0.09",
        "0.10-0.24",
    ]


def test_prices_close_together_are_divided_equally():
    assert spelled(bands(Decimal(30), Decimal(40))) == [
        "30.00-31.99",
        "32.00-33.99",
        "34.00-35.99",
        "36.00-37.99",
        "38.00-39.99",
        "40.00-41.99",
    ]


def test_prices_of_a_currency_without_cents_have_whole_bands(settings):
    settings.CURRENCY = "JPY"
    assert spelled(bands(Decimal(1), Decimal(60))) == ["1-4", "5-9", "10-24", "25-49", "50-99"]


def test_neighbours_that_hold_least_become_one_band():
    counted = [(Decimal(place), Decimal(place), count) for place, count in enumerate([5, 1, 0, 2, 9, 9, 9, 9])]
    assert [(int(band.min), int(band.max), band.count) for band in merged(counted, Filters())] == [
        (0, 0, 5),
        (1, 3, 3),
        (4, 4, 9),
        (5, 5, 9),
        (6, 6, 9),
        (7, 7, 9),
    ]
