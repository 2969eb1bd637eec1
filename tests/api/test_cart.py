"""/cart: the shopper's cart of the pages, in the API."""

from decimal import Decimal

import pytest

from shop.cart import UserCart
from shop.models import CartLine, Product
from tests.factories import CartLineFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug(db):
    return ProductFactory(name="Mug", price=Decimal("9.90"), stock=5)


def held(user):
    return dict(CartLine.objects.filter(user=user).values_list("product__name", "quantity"))


EMPTY = {"items": [], "totalItems": 0, "totalAmount": 0, "currency": "EUR"}


def test_a_new_cart_is_empty(own):
    answer = own.get("/cart")
    assert (answer.status, answer.data) == (200, EMPTY)
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_line_has_every_field_of_the_contract(own, api, user, mug):
    answer = own.post("/cart/items", {"productId": str(mug.pk), "quantity": 2})
    assert answer.status == 201
    assert answer.data == {
        "items": [
            {
                "id": str(CartLine.objects.get(user=user).pk),
                "product": api.get(f"/products/{mug.pk}").data,
                "quantity": 2,
                "unitPrice": Decimal("9.90"),
                "lineTotal": Decimal("19.80"),
                "available": True,
            }
        ],
        "totalItems": 2,
        "totalAmount": Decimal("19.80"),
        "currency": "EUR",
    }
    assert own.get("/cart").data == answer.data


def test_adding_begins_with_one_and_then_adds_to_the_line(own, user, mug):
    assert own.post("/cart/items", {"productId": str(mug.pk)}).status == 201
    again = own.post("/cart/items", {"productId": str(mug.pk), "quantity": 3})
    assert (again.status, again.data["totalItems"], len(again.data["items"])) == (200, 4, 1)
    assert held(user) == {"Mug": 4}


def test_it_is_the_cart_of_the_pages(own, user, mug):
    UserCart(user).add(mug.pk, 2)
    assert own.get("/cart").data["totalItems"] == 2


@pytest.mark.parametrize("before", [0, 3])
def test_more_than_the_stock_is_409_and_changes_nothing(own, user, mug, before):
    if before:
        own.post("/cart/items", {"productId": str(mug.pk), "quantity": before})
    answer = own.post("/cart/items", {"productId": str(mug.pk), "quantity": 6 - before})
    assert (answer.status, answer.code) == (409, "OUT_OF_STOCK")
    assert answer.body["error"]["details"] == [
        {"field": "quantity", "product": str(mug.pk), "left": 5, "message": "Only 5 left of Mug."}
    ]
    assert held(user) == ({"Mug": before} if before else {})


def test_what_is_sold_out_is_409_and_what_is_hidden_or_unknown_is_404(own, user, mug):
    Product.objects.filter(pk=mug.pk).update(stock=0)
    assert own.post("/cart/items", {"productId": str(mug.pk)}).code == "OUT_OF_STOCK"
    Product.objects.filter(pk=mug.pk).update(is_visible=False)
    for named in (str(mug.pk), "0199d3f0-5c1e-7c3a-9b1e-0f2a4f6d8e10", "nonsense", "a\0b", ""):
        answer = own.post("/cart/items", {"productId": named})
        assert answer.code == ("NOT_FOUND" if named else "VALIDATION_ERROR")
    assert held(user) == {}


def test_ten_thousand_pieces_can_be_had_and_one_more_cannot(own, user):
    plenty = ProductFactory(name="Nail", stock=1_000_000)
    answer = own.post("/cart/items", {"productId": str(plenty.pk), "quantity": 10_000})
    assert (answer.status, answer.data["totalItems"]) == (201, 10_000)
    answer = own.post("/cart/items", {"productId": str(plenty.pk), "quantity": 1})
    assert (answer.status, answer.code, list(answer.fields)) == (400, "VALIDATION_ERROR", ["quantity"])
    assert held(user) == {"Nail": 10_000}


@pytest.mark.parametrize("quantity", [0, -1, 10_001, 2**40, 1.5, "2", True, None, [], {}, 10**30])
def test_a_quantity_that_is_none_is_400_by_name(own, user, mug, quantity):
    answer = own.post("/cart/items", {"productId": str(mug.pk), "quantity": quantity})
    assert (answer.status, answer.code, list(answer.fields)) == (400, "VALIDATION_ERROR", ["quantity"])
    assert held(user) == {}


@pytest.mark.parametrize(
    ("sent", "field"),
    [({}, "productId"), ({"productId": 5}, "productId"), ({"productId": None}, "productId")],
)  # fmt: skip
def test_a_wrong_product_is_400_by_name(own, user, sent, field):
    answer = own.post("/cart/items", sent)
    assert (answer.status, list(answer.fields)) == (400, [field])


def test_keys_that_are_not_known_are_refused(own, user, mug):
    answer = own.post("/cart/items", {"productId": str(mug.pk), "unitPrice": 0.01, "user": "x"})
    assert (answer.status, set(answer.fields)) == (400, {"unitPrice", "user"})
    assert held(user) == {}


def test_a_line_is_set_removed_by_nothing_and_deleted(own, user, mug):
    line = CartLineFactory(user=user, product=mug, quantity=1)
    answer = own.put(f"/cart/items/{line.pk}", {"quantity": 4})
    assert (answer.status, answer.data["totalItems"], held(user)) == (200, 4, {"Mug": 4})
    answer = own.put(f"/cart/items/{line.pk}", {"quantity": 0})
    assert (answer.status, answer.data, held(user)) == (200, EMPTY, {})
    assert own.put(f"/cart/items/{line.pk}", {"quantity": 1}).code == "NOT_FOUND"
    other = CartLineFactory(user=user, product=mug)
    answer = own.delete(f"/cart/items/{other.pk}")
    assert (answer.status, answer.data, held(user)) == (200, None, {})
    assert own.delete(f"/cart/items/{other.pk}").code == "NOT_FOUND"


def test_setting_more_than_the_stock_is_409_and_nonsense_400(own, user, mug):
    line = CartLineFactory(user=user, product=mug, quantity=2)
    answer = own.put(f"/cart/items/{line.pk}", {"quantity": 6})
    assert (answer.status, answer.code, answer.body["error"]["details"][0]["left"]) == (409, "OUT_OF_STOCK", 5)
    for sent in ({"quantity": -1}, {"quantity": "1"}, {}, {"quantity": 10_001}):
        answer = own.put(f"/cart/items/{line.pk}", sent)
        assert (answer.status, list(answer.fields)) == (400, ["quantity"])
    assert held(user) == {"Mug": 2}


def test_what_is_no_longer_sold_stays_costs_nothing_and_can_be_taken_out(own, user, mug):
    line = CartLineFactory(user=user, product=mug, quantity=2)
    Product.objects.filter(pk=mug.pk).update(is_visible=False)
    cart = own.get("/cart").data
    assert (cart["items"][0]["available"], cart["items"][0]["lineTotal"], cart["totalAmount"]) == (False, 0, 0)
    assert own.put(f"/cart/items/{line.pk}", {"quantity": 0}).data == EMPTY


def test_emptying_answers_null_and_twice_is_fine(own, user, stranger, mug):
    CartLineFactory(user=user, product=mug)
    CartLineFactory(user=stranger, product=mug)
    for _ in range(2):
        answer = own.delete("/cart")
        assert (answer.status, answer.data) == (200, None)
    assert (held(user), held(stranger)) == ({}, {"Mug": 1})


def test_a_stranger_gets_at_nobodys_line(api, user, stranger, staff, mug):
    line = CartLineFactory(user=user, product=mug, quantity=2)
    CartLineFactory(user=stranger, product=mug, quantity=1)
    for other in (api.as_(stranger), api.as_(staff)):
        assert other.put(f"/cart/items/{line.pk}", {"quantity": 5}).code == "NOT_FOUND"
        assert other.delete(f"/cart/items/{line.pk}").code == "NOT_FOUND"
    assert (held(user), held(stranger)) == ({"Mug": 2}, {"Mug": 1})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/cart"),
        ("DELETE", "/cart"),
        ("POST", "/cart/items"),
        ("PUT", "/cart/items/x"),
        ("DELETE", "/cart/items/x"),
    ],
)
def test_a_cart_needs_a_user(api, method, path):
    answer = api.send(method, path, {} if method in {"POST", "PUT"} else None)
    assert (answer.status, answer.code) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize("named", ["nonsense", "1", "0" * 3000, "0199d3f0-5c1e-7c3a-9b1e-0f2a4f6d8e10"])
def test_a_malformed_line_is_not_found(own, named):
    assert own.put(f"/cart/items/{named}", {"quantity": 1}).code == "NOT_FOUND"
    assert own.delete(f"/cart/items/{named}").code == "NOT_FOUND"


def test_a_long_cart_costs_at_most_eight_queries(own, user, django_assert_max_num_queries):
    for product in ProductFactory.create_batch(25):
        CartLineFactory(user=user, product=product)
    with django_assert_max_num_queries(8):
        assert own.get("/cart").data["totalItems"] == 25
