"""/api/wishlist as the contract has it."""

import pytest

from shop import wishlist
from shop.models import Product, WishlistItem
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug(db):
    return ProductFactory(name="Morning mug", slug="mug")


@pytest.fixture
def kept(user, mug):
    return wishlist.add_wish(user=user, product_id=mug.pk)[0]


def test_it_lists_products_newest_first(api, user, kept, mug):
    later = ProductFactory()
    wishlist.add_wish(user=user, product_id=later.pk)
    answer = api.as_(user).get("/wishlist")
    assert [one["productId"] for one in answer.data] == [str(later.pk), str(mug.pk)]
    assert set(answer.data[1]) == {"productId", "product", "addedAt"}
    assert answer.data[1]["product"] == api.get("/products/mug").data
    assert answer.data[1]["addedAt"].endswith("Z")
    assert answer.meta == {"page": 1, "limit": 20, "total": 2, "pages": 1}
    assert "no-store" in answer.headers["Cache-Control"]


def test_it_comes_in_pages(api, user, kept):
    wishlist.add_wish(user=user, product_id=ProductFactory().pk)
    answer = api.as_(user).get("/wishlist", {"limit": 1, "page": 2})
    assert [one["productId"] for one in answer.data] == [str(kept.product_id)]
    assert answer.meta["pages"] == 2


def test_an_empty_one_is_a_list(api, user):
    answer = api.as_(user).get("/wishlist")
    assert (answer.data, answer.meta["total"], answer.meta["pages"]) == ([], 0, 0)


def test_what_is_hidden_is_left_out(api, user, kept):
    Product.objects.update(is_visible=False)
    answer = api.as_(user).get("/wishlist")
    assert (answer.data, answer.meta["total"]) == ([], 0)


def test_it_costs_the_same_for_many(api, user, django_assert_max_num_queries):
    for _ in range(6):
        wishlist.add_wish(user=user, product_id=ProductFactory().pk)
    client = api.as_(user)
    with django_assert_max_num_queries(5):  # the session, how many, which, their products, the pictures
        assert len(client.get("/wishlist").data) == 6


def test_adding_twice_is_fine(api, user, mug):
    client, sent = api.as_(user), {"productId": str(mug.pk)}
    answers = [client.post("/wishlist/items", sent) for _ in range(2)]
    assert [answer.status for answer in answers] == [201, 200]
    assert answers[0].data == answers[1].data
    assert answers[0].data["product"]["name"] == "Morning mug"
    assert WishlistItem.objects.count() == 1


@pytest.mark.parametrize("key", ["nonsense", "01890000-0000-7000-8000-000000000000"])
def test_a_product_that_is_not_there_is_not_found(api, user, key):
    assert api.as_(user).post("/wishlist/items", {"productId": key}).status == 404
    assert api.as_(user).delete(f"/wishlist/items/{key}").status == 404


@pytest.mark.parametrize(
    ("sent", "field"), [({}, "productId"), ({"productId": 7}, "productId"), ({"productId": None}, "productId")]
)
def test_what_is_wrong_is_refused_by_name(api, user, sent, field):
    answer = api.as_(user).post("/wishlist/items", sent)
    assert (answer.status, answer.code, list(answer.fields)) == (400, "VALIDATION_ERROR", [field])
    assert not WishlistItem.objects.exists()


def test_an_unknown_field_is_refused(api, user, mug):
    answer = api.as_(user).post("/wishlist/items", {"productId": str(mug.pk), "userId": str(user.pk)})
    assert (answer.status, list(answer.fields)) == (400, ["userId"])
    assert not WishlistItem.objects.exists()


def test_a_full_list_says_so_by_name(api, user, kept, monkeypatch):
    monkeypatch.setattr(wishlist, "MOST_ITEMS", 1)
    answer = api.as_(user).post("/wishlist/items", {"productId": str(ProductFactory().pk)})
    assert (answer.status, list(answer.fields)) == (400, ["productId"])
    assert WishlistItem.objects.count() == 1


def test_taking_one_off(api, user, kept):
    client = api.as_(user)
    answer = client.delete(f"/wishlist/items/{kept.product_id}")
    assert (answer.status, answer.data) == (200, None)
    assert client.delete(f"/wishlist/items/{kept.product_id}").status == 404
    assert not WishlistItem.objects.exists()


def test_taking_all_off(api, user, kept, stranger, mug):
    wishlist.add_wish(user=stranger, product_id=mug.pk)
    answer = api.as_(user).delete("/wishlist")
    assert (answer.status, answer.data) == (200, None)
    assert WishlistItem.objects.get().user == stranger


def test_strangers_see_and_change_only_their_own(api, kept, stranger):
    client = api.as_(stranger)
    assert client.get("/wishlist").data == []
    assert client.delete(f"/wishlist/items/{kept.product_id}").status == 404
    assert client.delete("/wishlist").status == 200
    assert WishlistItem.objects.get() == kept


def test_nobody_has_one_without_an_account(api, kept, mug):
    calls = [("GET", ""), ("DELETE", ""), ("POST", "/items"), ("DELETE", f"/items/{mug.pk}")]
    for method, path in calls:
        assert api.send(method, f"/wishlist{path}", {"productId": str(mug.pk)}).status == 401
    assert WishlistItem.objects.get() == kept
