import pytest
from django.test import Client

from shop.services import show_products
from tests.factories import BOSS, CategoryFactory, ProductFactory
from tests.shop.conftest import HTMX

pytestmark = pytest.mark.django_db


def names(response) -> list[str]:
    return [card.name for card in response.context["page"].object_list]


def test_a_category_shows_what_is_below_it_and_nothing_else(client, kettle, kitchen):
    ProductFactory(category=CategoryFactory(slug="toys"))
    assert names(client.get("/c/kitchen/")) == ["Copper Kettle"]


def test_the_tree_counts_what_is_below(client, kettle, coffee):
    ProductFactory(category=coffee, is_visible=False)
    body = client.get("/c/kitchen/").content.decode()
    assert '<a href="/c/coffee/">' in body
    branches = client.get("/products/").context["listed"].branches
    assert [(branch.name, branch.count) for branch in branches] == [("Kitchen", 1)]


def test_filters_narrow_together(client, coffee):
    ProductFactory(category=coffee, name="Blue cup", price="10")
    ProductFactory(category=coffee, name="Red cup", price="10", stock=0)
    ProductFactory(category=coffee, name="Gold cup", price="90")
    ProductFactory(category=coffee, name="Blue plate", price="10")
    assert names(client.get("/products/?q=cup&max=50&stock=1")) == ["Blue cup"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("newest", ["Cedar", "Birch", "Acorn"]),
        ("price", ["Birch", "Cedar", "Acorn"]),
        ("-price", ["Acorn", "Cedar", "Birch"]),
        ("name", ["Acorn", "Birch", "Cedar"]),
        ("nonsense", ["Cedar", "Birch", "Acorn"]),
    ],
)
def test_it_sorts(client, sort, order):
    for name, price in [("Acorn", 30), ("Birch", 10), ("Cedar", 20)]:
        ProductFactory(name=name, price=price)
    assert names(client.get(f"/products/?sort={sort}")) == order


def test_names_are_sorted_as_people_do_and_not_by_bytes(client):
    for name, sku in [
        ("Zebra", "A"),
        ("apple", "B"),
        ("Éclair", "C"),
        ("Mug large", "D"),
        ("Mug", "Z"),
        ("Banana", "E"),
    ]:
        ProductFactory(name=name, sku=sku)
    in_order = ["apple", "Banana", "Éclair", "Mug", "Mug large", "Zebra"]
    assert names(client.get("/products/?sort=name")) == in_order
    listed = client.get("/api/products", {"sort": "name"}).json()["data"]
    assert [product["name"] for product in listed] == in_order


@pytest.mark.parametrize("word", ["copper", "KET-1", "ket1", "kettle cop", "Cöpper"])
def test_without_the_engine_search_finds_parts_of_name_and_sku(client, kettle, word):
    ProductFactory(name="Something else")
    assert names(client.get("/products/", {"q": word})) == ["Copper Kettle"]


def test_without_the_engine_search_looks_into_no_description(client, kettle):
    type(kettle).objects.filter(pk=kettle.pk).update(summary="Daily use", description="It can whistle.")
    assert [names(client.get("/products/", {"q": word})) for word in ("daily", "whistle")] == [[], []]


def test_pages_keep_filters_and_sorting(client, coffee):
    ProductFactory.create_batch(13, category=coffee, price="20")
    body = client.get("/products/?min=10&sort=price").content.decode()
    assert "12 of 13 products" in body
    assert "?min=10&amp;sort=price&amp;page=2" in body


def test_chips_take_off_one_filter_each(client, kettle):
    chips = client.get("/c/coffee/?q=kettle&min=10&stock=1&sort=price").context["chips"]
    assert [(chip.label, chip.url) for chip in chips] == [
        ("Coffee", "/products/?q=kettle&min=10&stock=1&sort=price"),
        ("“kettle”", "/c/coffee/?min=10&stock=1&sort=price"),
        ("From €10.00", "/c/coffee/?q=kettle&stock=1&sort=price"),
        ("In stock", "/c/coffee/?q=kettle&min=10&sort=price"),
    ]


def test_categories_keep_the_filters(client, kettle):
    assert 'href="/c/kitchen/?min=10&amp;sort=name"' in client.get("/products/?min=10&sort=name").content.decode()


@pytest.mark.parametrize(
    "query",
    ["page=9999", "page=abc", "page=-1", "page=0", "page=99999999999999999999", "q=%00", "min=%00&max=%F0", "page=²"],
)
def test_nonsense_in_the_address_is_no_error(client, kettle, query):
    response = client.get(f"/products/?{query}")
    assert response.status_code == 200
    assert names(response) == ["Copper Kettle"]


def test_letters_as_a_price_are_said_beside_the_field(client, kettle):
    body = client.get("/products/?min=cheap").content.decode()
    assert 'aria-describedby="price-min-error"' in body
    assert "Write a price in figures" in body
    assert 'value="cheap"' in body


def test_an_empty_result_suggests_what_to_do(client, kettle):
    body = client.get("/products/?q=elephant").content.decode()
    assert "Nothing matches" in body
    assert "Take a filter off" in body


def test_what_is_typed_is_escaped(client, kettle):
    body = client.get("/products/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in body


def test_hidden_products_are_not_listed(client, kettle):
    ProductFactory(is_visible=False)
    assert names(client.get("/products/")) == ["Copper Kettle"]


def test_an_unknown_category_is_not_found(client, kettle):
    assert client.get("/c/nowhere/").status_code == 404


def test_htmx_gets_the_list_alone_and_a_clean_address(client, kettle):
    response = client.get("/products/?min=&max=&q=kettle&sort=newest", headers={**HTMX, "HX-Target": "listing"})
    body = response.content.decode()
    assert body.lstrip().startswith('<div class="listing"')
    assert "<html" not in body
    assert response["HX-Push-Url"] == "/products/?q=kettle&sort=newest"
    assert "HX-Request" in response["Vary"]


def test_going_back_with_htmx_gets_the_whole_page(client, kettle):
    headers = {**HTMX, "HX-Target": "listing", "HX-History-Restore-Request": "true"}
    assert "<html" in client.get("/products/", headers=headers).content.decode()


def test_guests_get_the_list_in_four_queries_and_without_a_cookie(client, kettle, django_assert_num_queries):
    with django_assert_num_queries(4):  # categories with their counts, which, pictures
        response = client.get("/products/")
    assert not response.cookies
    with django_assert_num_queries(2):  # the tree is kept
        client.get("/products/")


def test_a_page_costs_the_same_for_many_products(client, coffee, django_assert_num_queries):
    ProductFactory.create_batch(30, category=coffee)
    with django_assert_num_queries(4):
        client.get("/products/")


def test_signed_in_shoppers_get_the_list_in_seven_queries(signed_in, kettle, django_assert_num_queries):
    with django_assert_num_queries(7):  # and session, user, cart count
        signed_in.get("/products/")


@pytest.mark.django_db(transaction=True)
def test_a_list_that_is_not_narrowed_is_counted_with_the_tree(client, coffee, settings, django_assert_num_queries):
    settings.PAGE_CACHE_SECONDS = 0
    mugs = ProductFactory.create_batch(3, category=coffee)
    assert "3 products" in client.get("/products/").content.decode()
    with django_assert_num_queries(1):  # which; nothing has changed, so their pictures and number are known
        assert "3 products" in client.get("/c/coffee/").content.decode()
    show_products(actor=BOSS, product_ids=[mugs[0].pk], visible=False)
    assert "2 products" in client.get("/products/").content.decode()
    mugs[1].delete()
    for address in ("/products/", "/c/coffee/", "/c/kitchen/"):
        assert "1 product\n" in client.get(address).content.decode()
    assert client.get("/api/products").json()["meta"]["total"] == 1


def test_the_front_page_says_what_the_shop_is(client: Client, kettle, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        response = client.get("/")
    body = response.content.decode()
    assert "paid in Bitcoin" in body
    assert "Copper Kettle" in body
    assert not response.cookies


def test_an_empty_shop_says_so(client):
    body = client.get("/").content.decode()
    assert "The shelves are still empty" in body
