"""What every answer of the API has in common, whatever it is about."""

import pytest
from django.test import Client

from reviews.models import Review
from tests.api.buying import wish
from tests.factories import CategoryFactory, ProductFactory

MISSING = "0199d3f0-5c1e-7c3a-9b1e-0f2a4f6d8e10"
LIMITS = {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "X-Request-ID"}
PUBLIC = [
    "/products",
    "/products/{slug}",
    "/products/suggestions?q=te",
    "/categories",
    "/categories/{category}",
    "/rates",
]
PERSONAL = ["/auth/profile", "/auth/sessions", "/cart", "/orders", "/wishlist", "/nothing"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/products", 200),
        ("GET", "/schema", 200),
        ("GET", "/docs", 200),
        ("GET", "/nothing", 404),
        ("DELETE", "/rates", 405),
        ("GET", "/cart", 401),
        ("POST", "/auth/login", 400),
    ],
)
def test_every_answer_says_how_much_is_left_and_which_request_it_was(db, method, path, status):
    response = Client().generic(method, f"/api{path}")
    assert (response.status_code, LIMITS - set(response.headers)) == (status, set())


@pytest.mark.parametrize("path", PUBLIC)
def test_what_is_public_may_be_kept_and_is_not_sent_twice(api, path):
    product = ProductFactory(name="Teapot", category=CategoryFactory())
    address = path.format(slug=product.slug, category=product.category.slug)
    first = api.get(address)
    assert (first.status, "public" in first.headers["Cache-Control"]) == (200, True)
    again = api.get(address, if_none_match=first.headers["ETag"])
    assert (again.status, again.text, LIMITS - set(again.headers)) == (304, "", set())
    assert api.get(address, if_none_match='"another", ' + first.headers["ETag"]).status == 304
    assert api.get(address, if_none_match='"another"').status == 200


@pytest.mark.parametrize("path", PERSONAL)
def test_what_is_personal_is_kept_by_nobody(api, user, path):
    answer = api.as_(user).get(path)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer.headers


def test_a_deletion_answers_200_with_null(api, user, stranger, staff):
    own, product = api.as_(user), ProductFactory()
    wanted = {"productId": str(product.pk)}
    line = own.post("/cart/items", wanted).data["items"][0]["id"]
    own.post("/wishlist/items", wanted)
    review = own.post("/reviews", {**wanted, "rating": 5, "comment": "Good."}).data["id"]
    other = Review.objects.create(product=product, user=stranger, rating=4, comment="Fine.", status="approved")
    own.post(f"/reviews/{other.pk}/helpful")
    for path in (
        f"/cart/items/{line}",
        "/cart",
        f"/wishlist/items/{product.pk}",
        "/wishlist",
        f"/reviews/{other.pk}/helpful",
        f"/reviews/{review}",
    ):
        answer = own.delete(path)
        assert (answer.status, answer.body) == (200, {"success": True, "data": None}), path
    answer = api.as_(staff).delete(f"/products/{product.pk}")
    assert (answer.status, answer.body) == (200, {"success": True, "data": None})


@pytest.mark.parametrize(
    "named", ["x", "1", "%00", "é", MISSING[:-1], MISSING.replace("-", ""), "{" + MISSING + "}", MISSING]
)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/products/{}", None),
        ("PATCH", "/products/{}", {"price": 1}),
        ("DELETE", "/products/{}", None),
        ("GET", "/categories/{}", None),
        ("PUT", "/cart/items/{}", {"quantity": 1}),
        ("DELETE", "/cart/items/{}", None),
        ("GET", "/orders/{}", None),
        ("GET", "/orders/{}/payment", None),
        ("POST", "/orders/{}/cancel", {}),
        ("PUT", "/orders/{}/status", {"status": "shipped"}),
        ("GET", "/reviews/product/{}", None),
        ("PATCH", "/reviews/{}", {"rating": 1}),
        ("DELETE", "/reviews/{}", None),
        ("POST", "/reviews/{}/helpful", None),
        ("DELETE", "/reviews/{}/helpful", None),
        ("PUT", "/reviews/{}/approve", {"approved": True}),
        ("DELETE", "/wishlist/items/{}", None),
        ("DELETE", "/auth/sessions/{}", None),
    ],
)
def test_an_id_that_is_malformed_is_not_found_like_one_that_is_not_there(api, staff, method, path, body, named):
    answer = api.as_(staff).send(method, path.format(named), body)
    assert (answer.status, answer.code) == (404, "NOT_FOUND")


def test_every_amount_of_coin_has_its_integer_twin(api, user, node):
    order = api.as_(user).post("/orders", wish((ProductFactory(price=60, stock=5), 1))).data
    payment = order["payment"]
    assert payment["amountBaseUnits"] == payment["dueBaseUnits"] == 100_000
    assert payment["receivedBaseUnits"] == 0
    for name in ("amount", "due", "received"):
        assert payment[name] * 100_000_000 == payment[f"{name}BaseUnits"]
    assert f"amount={payment['amount'].normalize():f}" in payment["uri"]
