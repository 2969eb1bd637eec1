"""GET /products, /products/:id, /products/suggestions, /categories, /rates."""

from datetime import timedelta
from decimal import Decimal

import pytest

from cryptons import clock
from cryptons.errors import OutOfStock
from payments.models import Rate
from shop.models import Product
from shop.ratings import change_rating
from shop.services import change_stock, return_stock, show_products, take_stock
from tests.factories import BOSS, CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kitchen(db):
    return CategoryFactory(name="Kitchen", slug="kitchen")


@pytest.fixture
def kettles(kitchen):
    return CategoryFactory(name="Kettles", slug="kettles", parent=kitchen)


@pytest.fixture
def shelf(kitchen, kettles):
    """Four products, the last one newest; the hidden one is nowhere."""
    now = clock.now()
    make = [
        ("Copper kettle", kettles, "49.50", 3, "4.50", 2),
        ("Mug", kitchen, "9.00", 0, "3.00", 1),
        ("Desk lamp", CategoryFactory(name="Light", slug="light"), "120.00", 7, "0", 0),
        ("Kettle brush", kitchen, "4.25", 5, "5.00", 4),
    ]
    for age, (name, category, price, stock, rating, count) in enumerate(make):
        ProductFactory(
            name=name,
            category=category,
            price=Decimal(price),
            stock=stock,
            rating=Decimal(rating),
            rating_count=count,
            created_at=now - timedelta(days=10 - age),
        )
    ProductFactory(name="Hidden kettle", category=kettles, is_visible=False)


def names(answer):
    assert answer.status == 200, answer.text
    return [row["name"] for row in answer.data]


NEWEST = ["Kettle brush", "Desk lamp", "Mug", "Copper kettle"]


def test_a_product_has_every_field_of_the_contract(api, kettles, settings):
    product = ProductFactory(
        name="Copper kettle", slug="copper-kettle", sku="KET-1", description="Sings.", price=Decimal("49.50"),
        stock=3, category=kettles,
    )  # fmt: skip
    product.images.create(image="products/a.webp", thumbnail="products/a-s.webp", alt="A kettle")
    answer = api.get("/products/copper-kettle")
    assert answer.status == 200
    product.refresh_from_db()
    assert answer.data == {
        "id": str(product.pk),
        "name": "Copper kettle",
        "slug": "copper-kettle",
        "description": "Sings.",
        "price": Decimal("49.50"),
        "currency": "EUR",
        "priceInCrypto": {"BTC": Decimal("0.00082500"), "LTC": None, "XRP": None},
        "category": {"id": str(kettles.pk), "name": "Kettles", "slug": "kettles"},
        "stock": 3,
        "images": [f"{settings.SITE_URL}/media/products/a.webp"],
        "sku": "KET-1",
        "ratings": {"average": 0, "count": 0},
        "createdAt": product.created_at.isoformat().replace("+00:00", "Z"),
        "updatedAt": product.updated_at.isoformat().replace("+00:00", "Z"),
    }
    assert '"price":49.50,' in answer.text
    assert '"BTC":0.00082500,' in answer.text
    assert api.get(f"/products/{product.pk}").data == answer.data
    assert api.get("/products").data == [answer.data]


@pytest.mark.parametrize(
    "named", ["nothing", "not-an-id-1", "0" * 5000, "0199d3f0-5c1e-7c3a-9b1e-0f2a4f6d8e10", "ü", "%F0"]
)
def test_what_is_not_there_is_not_found(api, shelf, named):
    assert api.get(f"/products/{named}").code == "NOT_FOUND"
    assert api.get(f"/categories/{named}").code == "NOT_FOUND"


def test_a_hidden_product_is_nowhere(api, shelf):
    hidden = Product.objects.get(is_visible=False)
    assert api.get(f"/products/{hidden.pk}").code == "NOT_FOUND"
    assert api.get(f"/products/{hidden.slug}").code == "NOT_FOUND"
    assert "Hidden kettle" not in names(api.get("/products"))
    assert "Hidden kettle" not in names(api.get("/products/suggestions", {"q": "kettle"}))


def test_the_list_is_newest_first_and_in_pages(api, shelf):
    answer = api.get("/products")
    assert names(answer) == NEWEST
    assert {name: answer.meta[name] for name in ("page", "limit", "total", "pages")} == {
        "page": 1, "limit": 20, "total": 4, "pages": 1,
    }  # fmt: skip
    second = api.get("/products", {"limit": 3, "page": 2})
    assert (names(second), second.meta["pages"], second.meta["total"]) == (NEWEST[3:], 2, 4)
    assert names(api.get("/products", {"page": 99})) == []


def test_an_empty_shop_is_an_empty_list(api):
    answer = api.get("/products")
    assert (answer.data, answer.meta["total"], answer.meta["pages"]) == ([], 0, 0)
    assert answer.meta["facets"] == {
        "categories": [],
        "prices": [],
        "ratings": [{"min": least, "count": 0} for least in (4, 3, 2, 1)],
        "inStock": 0,
    }


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("price", ["Kettle brush", "Mug", "Copper kettle", "Desk lamp"]),
        ("-price", ["Desk lamp", "Copper kettle", "Mug", "Kettle brush"]),
        ("name", ["Copper kettle", "Desk lamp", "Kettle brush", "Mug"]),
        ("rating", ["Kettle brush", "Copper kettle", "Mug", "Desk lamp"]),
        ("-createdAt", NEWEST),
        ("relevance", NEWEST),
    ],
)
def test_it_sorts(api, shelf, sort, expected):
    assert names(api.get("/products", {"sort": sort})) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"category": "kitchen"}, ["Kettle brush", "Mug", "Copper kettle"]),
        ({"category": "kettles"}, ["Copper kettle"]),
        ({"minPrice": "9"}, ["Desk lamp", "Mug", "Copper kettle"]),
        ({"minPrice": "9.00", "maxPrice": "49.50"}, ["Mug", "Copper kettle"]),
        ({"minPrice": "50", "maxPrice": "10"}, []),
        ({"inStock": "true"}, ["Kettle brush", "Desk lamp", "Copper kettle"]),
        ({"inStock": "false"}, NEWEST),
        ({"minRating": "4"}, ["Kettle brush", "Copper kettle"]),
        ({"minRating": "4.51"}, ["Kettle brush"]),
        ({"search": "KETTLE"}, ["Kettle brush", "Copper kettle"]),
        ({"search": "kettle copper"}, ["Copper kettle"]),
        ({"search": "kettle", "sort": "price"}, ["Kettle brush", "Copper kettle"]),
        ({"search": "nothing like it"}, []),
        ({"search": "%"}, []),
        ({"search": "  "}, NEWEST),
        ({"search": "kettle", "category": "kitchen", "maxPrice": "5", "inStock": "1"}, ["Kettle brush"]),
        ({"unknown": "x"}, NEWEST),
    ],
)
def test_it_narrows(api, shelf, asked, expected):
    answer = api.get("/products", asked)
    assert names(answer) == expected
    assert answer.meta["total"] == len(expected)


def test_a_category_is_named_by_id_too(api, shelf, kettles):
    assert names(api.get("/products", {"category": str(kettles.pk)})) == ["Copper kettle"]
    assert api.get("/products", {"category": "nothing"}).code == "NOT_FOUND"


def test_a_search_puts_names_that_begin_with_it_first(api, shelf):
    ProductFactory(name="Teakettle cosy")
    assert names(api.get("/products", {"search": "kettle"})) == ["Kettle brush", "Copper kettle", "Teakettle cosy"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("minPrice", "abc"), ("minPrice", "-1"), ("maxPrice", "NaN"), ("maxPrice", "1e400"), ("maxPrice", "9" * 50),
        ("maxPrice", "Infinity"), ("minRating", "6"), ("minRating", "x"), ("inStock", "perhaps"), ("sort", "stock"),
        ("sort", "price; drop"), ("search", "x" * 101), ("search", "\0"), ("page", "0"), ("page", "x"), ("limit", "101"),
        ("limit", "0"), ("category", "x" * 500), ("page", "9" * 40),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_by_name(api, shelf, field, value):
    answer = api.get("/products", {field: value})
    assert (answer.status, answer.code, list(answer.fields)) == (400, "VALIDATION_ERROR", [field])


def test_facets_divide_all_that_matches(api, shelf, kitchen, kettles):
    light = Product.objects.get(name="Desk lamp").category
    facets = api.get("/products", {"limit": 1}).meta["facets"]
    assert [(entry["id"], entry["name"], entry["slug"], entry["count"]) for entry in facets["categories"]] == [
        (str(kitchen.pk), "Kitchen", "kitchen", 3),
        (str(kettles.pk), "Kettles", "kettles", 1),
        (str(light.pk), "Light", "light", 1),
    ]
    assert facets["prices"] == [
        {"min": Decimal("2.5"), "max": Decimal("4.99"), "count": 1},
        {"min": 5, "max": Decimal("9.99"), "count": 1},
        {"min": 25, "max": Decimal("49.99"), "count": 1},
        {"min": 100, "max": Decimal("249.99"), "count": 1},
    ]
    assert [entry["count"] for entry in facets["ratings"]] == [2, 3, 3, 3]
    for band in facets["prices"]:
        found = api.get("/products", {"minPrice": str(band["min"]), "maxPrice": str(band["max"])})
        assert found.meta["total"] == band["count"]
    narrowed = api.get("/products", {"search": "kettle"}).meta["facets"]
    assert [(entry["slug"], entry["count"]) for entry in narrowed["categories"]] == [("kitchen", 2), ("kettles", 1)]


def test_price_bands_end_where_the_chosen_prices_do(api, shelf):
    ProductFactory(price="5.50")
    ProductFactory(price="200.00")
    facets = api.get("/products", {"minPrice": "6", "maxPrice": "199"}).meta["facets"]
    assert facets["prices"] == [
        {"min": 6, "max": Decimal("9.99"), "count": 1},
        {"min": 25, "max": Decimal("49.99"), "count": 1},
        {"min": 100, "max": 199, "count": 1},
    ]


def test_suggestions_come_from_two_letters_on(api, shelf):
    answer = api.get("/products/suggestions", {"q": "ket"})
    assert names(answer) == ["Kettle brush", "Copper kettle"]
    assert set(answer.data[0]) == {"id", "name", "slug"}
    for few in ({"q": "k"}, {"q": " k "}, {"q": ""}, {}):
        assert api.get("/products/suggestions", few).data == []
    assert list(api.get("/products/suggestions", {"q": "x" * 101}).fields) == ["q"]


def test_there_are_at_most_eight_suggestions(api):
    ProductFactory.create_batch(9, name="Cup")
    assert len(api.get("/products/suggestions", {"q": "cu"}).data) == 8


def test_categories_are_a_tree_with_counts(api, shelf, kitchen, kettles):
    answer = api.get("/categories")
    assert answer.data[0] == {
        "id": str(kitchen.pk),
        "name": "Kitchen",
        "slug": "kitchen",
        "parentId": None,
        "productCount": 3,
        "children": [
            {
                "id": str(kettles.pk),
                "name": "Kettles",
                "slug": "kettles",
                "parentId": str(kitchen.pk),
                "productCount": 1,
                "children": [],
            }
        ],
    }
    assert answer.meta == {"page": 1, "limit": 20, "total": 2, "pages": 1}
    assert api.get("/categories/kitchen").data == answer.data[0]
    assert api.get(f"/categories/{kettles.pk}").data == answer.data[0]["children"][0]
    assert api.get("/categories", {"limit": "0"}).status == 400


def test_rates_tell_the_price_its_source_and_age(api):
    answer = api.get("/rates")
    assert answer.data["currency"] == "EUR"
    bitcoin = answer.data["rates"]["BTC"]
    assert (bitcoin["price"], bitcoin["source"], bitcoin["age"]) == (60000, "fixed", 0)
    assert (answer.data["rates"]["LTC"], answer.data["rates"]["XRP"]) == (None, None)


def test_a_missing_or_stale_rate_is_null_everywhere(api, settings, shelf):
    settings.RATE_SOURCE = "kraken"
    assert api.get("/rates").data["rates"]["BTC"] is None
    assert api.get("/products").data[0]["priceInCrypto"] == {"BTC": None, "LTC": None, "XRP": None}
    Rate.objects.create(pair="BTC/EUR", price=1, source="kraken", fetched_at=clock.now() - timedelta(days=1))
    assert api.get("/rates").data["rates"]["BTC"] is None


PUBLIC = ["/products", "/products?search=kettle", "/products/mug", "/products/suggestions?q=ke", "/categories",
          "/categories/kitchen", "/rates"]  # fmt: skip


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_answer_may_be_kept_and_is_not_sent_twice(api, shelf, path):
    Product.objects.filter(name="Mug").update(slug="mug")
    first = api.get(path)
    assert first.status == 200
    assert first.headers["Cache-Control"].startswith("public, max-age=")
    again = api.get(path, if_none_match=first.headers["ETag"])
    assert (again.status, again.text, again.headers["ETag"]) == (304, "", first.headers["ETag"])
    assert api.get(path, if_none_match='"other"').status == 200


def test_an_answer_that_is_known_costs_no_query(api, shelf, settings, django_assert_num_queries):
    settings.PAGE_CACHE_SECONDS = 60
    for path in ("/products", "/products/suggestions?q=ke"):
        tag = api.get(path).headers["ETag"]
        with django_assert_num_queries(0):
            assert api.get(path, if_none_match=tag).status == 304


@pytest.mark.parametrize(("path", "most"), [("/products?limit=100&search=product", 8), ("/products", 8)])
def test_a_list_costs_the_same_for_many(api, path, most, django_assert_max_num_queries):
    for product in ProductFactory.create_batch(30):
        product.images.create(image=f"{product.pk}.webp", thumbnail="a", alt="a")
    with django_assert_max_num_queries(most):
        assert len(api.get(path).data) >= 20


def test_anyone_may_look(api, user, staff, shelf):
    for path in PUBLIC[:2]:
        assert {client.get(path).status for client in (api, api.as_(user), api.as_(staff))} == {200}
    assert api.with_token("garbage").get("/products").code == "UNAUTHENTICATED"


# what is kept by a cache is not believed after a change


@pytest.mark.django_db(transaction=True)
def test_after_each_change_nobody_is_told_that_nothing_changed(api, shelf, staff, settings):
    lamp = Product.objects.get(name="Desk lamp")
    by = api.as_(staff)
    changes = [
        lambda: take_stock(items=[(lamp.pk, 1)]),
        lambda: return_stock(items=[(lamp.pk, 1)]),
        lambda: change_stock(actor=BOSS, product_id=lamp.pk, by=2),
        lambda: change_rating(product_id=lamp.pk, total_by=4, count_by=1),
        lambda: lamp.images.create(image="a", thumbnail="a", alt="a"),
        lambda: lamp.images.first().delete(),
        lambda: by.patch(f"/products/{lamp.pk}", {"price": 100}),
        lambda: show_products(actor=BOSS, product_ids=[lamp.pk], visible=False),
    ]
    settings.PAGE_CACHE_SECONDS = 60
    tag = api.get("/products").headers["ETag"]
    for number, change in enumerate(changes):
        change()
        answer = api.get("/products", if_none_match=tag)
        assert answer.status == 200, number
        tag = answer.headers["ETag"]
    assert api.get("/products").meta["facets"]["categories"][-1]["slug"] == "kettles"


@pytest.mark.django_db(transaction=True)
def test_a_change_that_was_taken_back_makes_no_version(api, shelf):
    tag = api.get("/products").headers["ETag"]
    mug = Product.objects.get(name="Mug")
    with pytest.raises(OutOfStock):
        take_stock(items=[(mug.pk, 1)])
    assert api.get("/products", if_none_match=tag).status == 304


@pytest.mark.django_db(transaction=True)
def test_bytes_that_are_kept_cost_no_query_and_are_right_the_moment_after_a_change(
    api, shelf, settings, django_assert_num_queries
):
    settings.PAGE_CACHE_SECONDS = 60
    mug = Product.objects.get(name="Mug")
    for path, stock in (
        ("/products", lambda data: data[2]["stock"]),
        (f"/products/{mug.pk}", lambda data: data["stock"]),
    ):
        first = api.get(path)
        with django_assert_num_queries(0):
            again = api.get(path)
        assert (again.body, again.headers["ETag"]) == (first.body, first.headers["ETag"])
        assert again.headers["Cache-Control"] == "public, max-age=0"
        assert again.headers["Content-Type"] == "application/json"
        change_stock(actor=BOSS, product_id=mug.pk, by=3)
        assert stock(api.get(path).data) == stock(first.data) + 3
    assert api.get("/products/nothing").status == 404


def test_a_change_of_the_rate_makes_another_version(api, shelf, settings):
    before = api.get("/products").headers["ETag"]
    settings.RATE_FIXED = Decimal(50_000)
    answer = api.get("/products", if_none_match=before)
    assert (answer.status, answer.data[0]["priceInCrypto"]["BTC"]) == (200, Decimal("0.000085"))


def test_head_is_answered_without_a_body(api, shelf):
    answer = api.send("HEAD", "/products")
    assert (answer.status, answer.text) == (200, "")
    assert answer.headers["ETag"] == api.get("/products").headers["ETag"]
