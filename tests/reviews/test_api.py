"""/api/reviews as the contract has it, for everybody who may come along."""

from decimal import Decimal
from uuid import uuid4

import pytest

from orders.status import OrderStatus
from reviews import services
from reviews.models import Review, ReviewStatus
from shop.models import Product
from tests.factories import OrderFactory, OrderLineFactory, UserFactory

pytestmark = pytest.mark.django_db


def words(product, **changed):
    return {"productId": str(product.pk), "rating": 4, "title": "Solid", "comment": "Holds tea.", **changed}


def test_everybody_reads_approved_ones(api, approved, mug, author):
    answer = api.get(f"/reviews/product/{mug.pk}")
    (one,) = answer.data
    assert one == {
        "id": str(approved.pk),
        "productId": str(mug.pk),
        "user": {"id": str(author.pk), "username": "ada"},
        "rating": 4,
        "title": "Solid",
        "comment": "Holds tea.",
        "approved": True,
        "verifiedPurchase": False,
        "helpfulVotes": 0,
        "createdAt": one["createdAt"],
        "updatedAt": one["updatedAt"],
    }
    assert one["createdAt"].endswith("Z")
    assert answer.meta["total"] == 1


def test_waiting_ones_are_not_read_by_anybody(api, review, mug, author):
    assert api.get(f"/reviews/product/{mug.pk}").data == []
    assert api.as_(author).get(f"/reviews/product/{mug.pk}").data == []


def test_the_summary_comes_along(api, mug, rated):
    rated(5, 4, 4)
    answer = api.get(f"/reviews/product/{mug.pk}", {"limit": 2, "page": 2})
    assert answer.meta == {
        "page": 2,
        "limit": 2,
        "total": 3,
        "pages": 2,
        "summary": {"average": Decimal("4.33"), "count": 3, "histogram": {"1": 0, "2": 0, "3": 0, "4": 2, "5": 1}},
    }
    assert len(answer.data) == 1


def test_a_product_without_reviews_has_an_empty_summary(api, mug):
    answer = api.get(f"/reviews/product/{mug.pk}")
    assert answer.data == []
    assert answer.meta["summary"] == {"average": 0, "count": 0, "histogram": dict.fromkeys("12345", 0)}
    assert (answer.meta["total"], answer.meta["pages"]) == (0, 0)


@pytest.mark.parametrize(
    ("sort", "order"),
    [("-createdAt", [2, 5, 3]), ("rating", [2, 3, 5]), ("-rating", [5, 3, 2]), ("-helpful", [5, 2, 3])],
)
def test_sorting(api, mug, rated, sort, order):
    _three, five, _two = rated(3, 5, 2)
    services.vote_helpful(actor=UserFactory(), review_id=five.pk)
    assert [one["rating"] for one in api.get(f"/reviews/product/{mug.pk}", {"sort": sort}).data] == order


def test_an_unknown_sort_is_refused(api, mug):
    answer = api.get(f"/reviews/product/{mug.pk}", {"sort": "loudest"})
    assert (answer.status, answer.code, list(answer.fields)) == (400, "VALIDATION_ERROR", ["sort"])


def test_the_list_costs_the_same_for_many(api, mug, rated, django_assert_num_queries):
    rated(5, 4, 3, 2, 1)
    with django_assert_num_queries(3):  # the product, its histogram, the reviews with authors and purchases
        api.get(f"/reviews/product/{mug.pk}")


@pytest.mark.parametrize("key", ["nonsense", "01890000-0000-7000-8000-000000000000"])
def test_reviews_of_what_is_not_there_are_not_found(api, db, key):
    assert api.get(f"/reviews/product/{key}").status == 404


def test_reviews_of_a_hidden_product_are_not_found(api, approved, mug):
    Product.objects.update(is_visible=False)
    assert api.get(f"/reviews/product/{mug.pk}").status == 404


def test_writing_one(api, author, mug):
    OrderLineFactory(order=OrderFactory(user=author, status=OrderStatus.SHIPPED), product=mug)
    answer = api.as_(author).post("/reviews", words(mug))
    assert answer.status == 201
    assert (answer.data["approved"], answer.data["verifiedPurchase"], answer.data["title"]) == (False, True, "Solid")
    assert Review.objects.get().user == author


def test_the_title_may_be_left_out(api, author, mug):
    sent = words(mug)
    del sent["title"]
    assert api.as_(author).post("/reviews", sent).data["title"] == ""


def test_writing_needs_an_account(api, mug):
    answer = api.post("/reviews", words(mug))
    assert (answer.status, answer.code) == (401, "UNAUTHENTICATED")
    assert not Review.objects.exists()


def test_a_second_one_is_a_conflict(api, review, author, mug):
    answer = api.as_(author).post("/reviews", words(mug, rating=1))
    assert (answer.status, answer.code) == (409, "ALREADY_EXISTS")
    assert Review.objects.get().rating == 4


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"rating": 0}, "rating"),
        ({"rating": 6}, "rating"),
        ({"rating": 4.5}, "rating"),
        ({"rating": "4"}, "rating"),
        ({"rating": True}, "rating"),
        ({"comment": ""}, "comment"),
        ({"comment": None}, "comment"),
        ({"comment": "x" * 4001}, "comment"),
        ({"title": "x" * 121}, "title"),
        ({"comment": "nul \0 byte"}, "comment"),
        ({"approved": True}, "approved"),
        ({"verifiedPurchase": True}, "verifiedPurchase"),
        ({"helpfulVotes": 9}, "helpfulVotes"),
        ({"user": "me"}, "user"),
    ],
)
def test_what_is_wrong_is_refused_by_name(api, author, mug, changed, field):
    answer = api.as_(author).post("/reviews", words(mug, **changed))
    assert (answer.status, answer.code, list(answer.fields)) == (400, "VALIDATION_ERROR", [field])
    assert not Review.objects.exists()


@pytest.mark.parametrize("key", ["nonsense", "01890000-0000-7000-8000-000000000000"])
def test_a_product_that_is_not_there_is_not_found(api, author, mug, key):
    assert api.as_(author).post("/reviews", words(mug, productId=key)).status == 404


def test_the_author_edits_and_it_waits_again(api, approved, author):
    answer = api.as_(author).patch(f"/reviews/{approved.pk}", {"rating": 2})
    assert (answer.status, answer.data["rating"], answer.data["approved"]) == (200, 2, False)
    assert answer.data["comment"] == "Holds tea."


def test_a_moderator_may_edit(api, approved, moderator):
    answer = api.as_(moderator).patch(f"/reviews/{approved.pk}", {"comment": "Shorter."})
    assert (answer.status, answer.data["approved"]) == (200, False)


def test_an_edit_cannot_move_it_to_another_product(api, approved, author, mug):
    answer = api.as_(author).patch(f"/reviews/{approved.pk}", {"productId": str(uuid4())})
    assert (answer.status, list(answer.fields)) == (400, ["productId"])
    assert Review.objects.get().is_approved


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_others_may_not_touch_it(api, approved, stranger, method):
    for client, status in ((api, 401), (api.as_(stranger), 403)):
        assert getattr(client, method)(f"/reviews/{approved.pk}", {}).status == status
    assert Review.objects.get().is_approved


@pytest.mark.parametrize("key", ["nonsense", "01890000-0000-7000-8000-000000000000"])
def test_what_is_not_there_is_not_found(api, author, key):
    for method, path in (("PATCH", ""), ("DELETE", ""), ("POST", "/helpful"), ("DELETE", "/helpful")):
        assert api.as_(author).send(method, f"/reviews/{key}{path}", {}).status == 404


@pytest.mark.parametrize("who", ["author", "moderator"])
def test_author_and_moderators_delete(api, approved, request, who, sums):
    answer = api.as_(request.getfixturevalue(who)).delete(f"/reviews/{approved.pk}")
    assert (answer.status, answer.data) == (200, None)
    assert sums() == (0, 0, "0.00")


def test_one_vote_each(api, approved, stranger):
    client = api.as_(stranger)
    assert [client.post(f"/reviews/{approved.pk}/helpful").data["helpfulVotes"] for _ in range(2)] == [1, 1]
    answer = client.delete(f"/reviews/{approved.pk}/helpful")
    assert (answer.status, answer.data) == (200, None)
    approved.refresh_from_db()
    assert approved.helpful_votes == 0


@pytest.mark.parametrize("method", ["post", "delete"])
def test_votes_for_ones_own_are_forbidden(api, approved, author, method):
    for client, status in ((api, 401), (api.as_(author), 403)):
        assert getattr(client, method)(f"/reviews/{approved.pk}/helpful").status == status


def test_a_moderator_approves_and_takes_away(api, review, moderator, sums):
    client = api.as_(moderator)
    assert client.put(f"/reviews/{review.pk}/approve", {"approved": True}).data["approved"] is True
    assert sums() == (4, 1, "4.00")
    assert client.put(f"/reviews/{review.pk}/approve", {"approved": False}).data["approved"] is False
    assert sums() == (0, 0, "0.00")


def test_words_changed_since_they_were_read_are_not_approved(api, review, moderator, author, sums):
    read = api.as_(author).patch(f"/reviews/{review.pk}", {"rating": 3}).data["updatedAt"]
    services.edit_review(actor=author, review_id=review.pk, comment="Buy elsewhere.")
    answer = api.as_(moderator).put(f"/reviews/{review.pk}/approve", {"approved": True, "updatedAt": read})
    assert (answer.status, answer.code) == (409, "INVALID_TRANSITION")
    assert Review.objects.get().status == ReviewStatus.WAITING
    assert sums() == (0, 0, "0.00")


def test_words_that_stand_as_they_were_read_are_approved(api, review, moderator, author):
    read = api.as_(author).patch(f"/reviews/{review.pk}", {"rating": 3}).data["updatedAt"]
    sent = {"approved": True, "updatedAt": read}
    for _ in range(2):  # a second try after a lost answer is no conflict
        assert api.as_(moderator).put(f"/reviews/{review.pk}/approve", sent).data["approved"] is True


def test_only_moderators_approve(api, review, author, stranger):
    orders_only = UserFactory(is_staff=True)
    for client, status in ((api, 401), (api.as_(author), 403), (api.as_(stranger), 403), (api.as_(orders_only), 403)):
        assert client.put(f"/reviews/{review.pk}/approve", {"approved": True}).status == status
    assert Review.objects.get().status == ReviewStatus.WAITING


@pytest.mark.parametrize("sent", [{}, {"approved": "yes"}, {"approved": 1}, {"approved": None}])
def test_a_decision_says_yes_or_no(api, review, moderator, sent):
    answer = api.as_(moderator).put(f"/reviews/{review.pk}/approve", sent)
    assert (answer.status, list(answer.fields)) == (400, ["approved"])
    assert Review.objects.get().status == ReviewStatus.WAITING
