"""Writing, changing, deciding and deleting, and what becomes of the product's average."""

import pytest
from django.db import transaction

from cryptons.errors import AlreadyExists, Forbidden, InvalidInput, NotFound
from orders.models import Order
from orders.status import OrderStatus
from reviews import selectors, services
from reviews.models import HelpfulVote, Review, ReviewStatus
from shop.models import Product
from tests.factories import OrderFactory, OrderLineFactory, UserFactory
from tests.statements import once_after

pytestmark = pytest.mark.django_db


def bought(user, product, status):
    OrderLineFactory(order=OrderFactory(user=user, status=status), product=product)


def verified(review):
    return selectors.get_review(review_id=review.pk).verified_purchase


def test_a_new_review_waits_and_counts_nothing(review, sums):
    assert review.status == ReviewStatus.WAITING
    assert sums() == (0, 0, "0.00")


def test_an_approved_one_counts(rated, sums):
    rated(5, 4, 4)
    assert sums() == (13, 3, "4.33")


def test_approving_twice_counts_once(approved, moderator, sums):
    services.approve_review(actor=moderator, review_id=approved.pk, approved=True)
    assert sums() == (4, 1, "4.00")


def test_declining_takes_it_out_again(approved, moderator, sums):
    declined = services.approve_review(actor=moderator, review_id=approved.pk, approved=False)
    assert declined.status == ReviewStatus.DECLINED
    assert sums() == (0, 0, "0.00")


def test_an_edited_one_waits_again_and_counts_with_its_new_stars_once_approved(approved, author, moderator, sums):
    edited = services.edit_review(actor=author, review_id=approved.pk, rating=2)
    assert (edited.status, edited.rating, edited.comment) == (ReviewStatus.WAITING, 2, "Holds tea.")
    assert sums() == (0, 0, "0.00")
    services.approve_review(actor=moderator, review_id=approved.pk, approved=True)
    assert sums() == (2, 1, "2.00")


def test_an_edit_of_nothing_changes_nothing(approved, author, sums):
    assert services.edit_review(actor=author, review_id=approved.pk).is_approved
    assert sums() == (4, 1, "4.00")


def test_deleting_takes_the_stars_out(rated, moderator, sums):
    first, *_ = rated(5, 2)
    services.delete_review(actor=moderator, review_id=first.pk)
    assert sums() == (2, 1, "2.00")


def test_closing_an_account_takes_stars_and_votes_out(approved, author, stranger, rated, sums):
    other = rated(2)[0]
    services.vote_helpful(actor=author, review_id=other.pk)
    author.delete()
    other.refresh_from_db()
    assert sums() == (2, 1, "2.00")
    assert other.helpful_votes == 0


def test_deleting_a_product_deletes_its_reviews(approved, mug):
    mug.delete()
    assert not Review.objects.exists()


def test_a_second_one_by_the_same_person_is_refused(review, author, mug):
    with pytest.raises(AlreadyExists):
        services.write_review(actor=author, product_id=mug.pk, rating=1, comment="Again.")
    assert Review.objects.get().rating == 4


def test_a_hidden_product_cannot_be_reviewed(author, mug):
    Product.objects.update(is_visible=False)
    with pytest.raises(NotFound):
        services.write_review(actor=author, product_id=mug.pk, rating=1, comment="Hm.")
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"rating": 0}, "rating"),
        ({"rating": 6}, "rating"),
        ({"comment": "  "}, "comment"),
        ({"comment": "x" * 4001}, "comment"),
        ({"title": "x" * 121}, "title"),
    ],
)
def test_what_breaks_a_rule_is_refused_by_name(author, mug, wrong, field):
    with pytest.raises(InvalidInput) as refused:
        services.write_review(actor=author, product_id=mug.pk, **{"rating": 3, "comment": "Well.", **wrong})
    assert [detail["field"] for detail in refused.value.details] == [field]
    assert not Review.objects.exists()


def test_only_the_author_and_moderators_change_or_delete(approved, stranger, sums):
    for step in (
        lambda: services.edit_review(actor=stranger, review_id=approved.pk, rating=1),
        lambda: services.delete_review(actor=stranger, review_id=approved.pk),
        lambda: services.approve_review(actor=stranger, review_id=approved.pk, approved=False),
    ):
        with pytest.raises(Forbidden):
            step()
    assert sums() == (4, 1, "4.00")


def test_the_author_does_not_approve(review, author, sums):
    with pytest.raises(Forbidden):
        services.approve_review(actor=author, review_id=review.pk, approved=True)
    assert sums() == (0, 0, "0.00")


@pytest.mark.parametrize(
    ("status", "is_verified"),
    [
        (OrderStatus.PENDING, False),
        (OrderStatus.CANCELLED, False),
        (OrderStatus.PROCESSING, True),
        (OrderStatus.SHIPPED, True),
        (OrderStatus.DELIVERED, True),
    ],
)
def test_a_purchase_is_verified_by_a_paid_order(review, author, mug, status, is_verified):
    bought(author, mug, status)
    assert verified(review) is is_verified


def test_somebody_elses_order_verifies_nothing(review, stranger, mug):
    bought(stranger, mug, OrderStatus.DELIVERED)
    assert verified(review) is False


def test_an_order_cancelled_later_verifies_no_more(review, author, mug):
    bought(author, mug, OrderStatus.PROCESSING)
    assert verified(review) is True
    Order.objects.update(status=OrderStatus.CANCELLED)
    assert verified(review) is False


def test_a_vote_counts_once_and_can_be_taken_back(approved, stranger):
    services.vote_helpful(actor=stranger, review_id=approved.pk)
    assert services.vote_helpful(actor=stranger, review_id=approved.pk).helpful_votes == 1
    services.vote_helpful(actor=UserFactory(), review_id=approved.pk)
    assert services.take_vote_back(actor=stranger, review_id=approved.pk).helpful_votes == 1
    assert services.take_vote_back(actor=stranger, review_id=approved.pk).helpful_votes == 1


def test_nobody_votes_for_their_own(approved, author):
    with pytest.raises(Forbidden):
        services.vote_helpful(actor=author, review_id=approved.pk)
    assert not HelpfulVote.objects.exists()


def test_what_is_not_shown_gets_no_votes(review, stranger):
    with pytest.raises(NotFound):
        services.vote_helpful(actor=stranger, review_id=review.pk)
    assert not HelpfulVote.objects.exists()


def test_the_histogram_counts_approved_ones(rated, review, mug):
    rated(5, 5, 1)
    summary = selectors.summary_of(product_id=mug.pk)
    assert (str(summary.average), summary.count) == ("3.67", 3)
    assert summary.histogram == {5: 2, 4: 0, 3: 0, 2: 0, 1: 1}


@pytest.mark.django_db(transaction=True)
def test_a_review_of_what_is_deleted_just_then_finds_no_product(author, mug):
    gone = once_after('FROM "shop_product"', lambda: Product.objects.filter(pk=mug.pk).delete())
    with gone, pytest.raises(NotFound):
        services.write_review(actor=author, product_id=mug.pk, rating=5, comment="Holds tea.")
    assert not Review.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_vote_for_what_is_deleted_just_then_finds_no_review(approved, stranger):
    gone = once_after('FROM "reviews_review"', lambda: Review.objects.filter(pk=approved.pk).delete())
    with gone, pytest.raises(NotFound):
        services.vote_helpful(actor=stranger, review_id=approved.pk)
    assert not HelpfulVote.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_deleted_right_after_it_was_changed_is_not_found(approved, author):
    deleted = Review.objects.filter(pk=approved.pk).delete
    with once_after('UPDATE "reviews_review"', lambda: transaction.on_commit(deleted)), pytest.raises(NotFound):
        services.edit_review(actor=author, review_id=approved.pk, comment="Broke.")
