"""`manage.py recount_ratings` proves the sums and puts wrong ones right; many at once lose nothing."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from reviews import services
from reviews.models import Review
from shop.models import Product
from tests.factories import StaffFactory, UserFactory


def recount(*arguments):
    out = StringIO()
    call_command("recount_ratings", *arguments, stdout=out)
    return out.getvalue()


def together(steps):
    def run(step):
        try:
            return step()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


@pytest.mark.django_db
def test_right_sums_are_left_alone(rated, stranger):
    services.vote_helpful(actor=stranger, review_id=rated(5, 3)[0].pk)
    assert recount() == "1 products and 2 reviews were counted: every sum is right.\n"
    assert recount("--check") == "1 products and 2 reviews were counted: every sum is right.\n"


@pytest.mark.django_db
def test_wrong_sums_are_found_and_put_right(rated, sums):
    rated(5, 3)
    Product.objects.update(rating_total=1, rating_count=9, rating=Decimal("4.5"))
    Review.objects.update(helpful_votes=3)
    with pytest.raises(CommandError, match="the ratings of 1 products and the votes of 2 reviews were wrong"):
        recount("--check")
    assert sums() == (1, 9, "4.50")
    assert "and are right now" in recount()
    assert sums() == (8, 2, "4.00")
    assert set(Review.objects.values_list("helpful_votes", flat=True)) == {0}


@pytest.mark.django_db
def test_an_average_alone_that_is_wrong_is_found(rated, sums):
    rated(5, 4)
    Product.objects.update(rating=Decimal(1))
    assert "the ratings of 1 products" in recount()
    assert sums() == (9, 2, "4.50")


@pytest.mark.django_db(transaction=True)
def test_approvals_at_the_same_time_all_count(mug, sums):
    boss = StaffFactory()
    made = [services.write_review(actor=UserFactory(), product_id=mug.pk, rating=5, comment="Well.") for _ in range(6)]
    together([lambda one=one: services.approve_review(actor=boss, review_id=one.pk, approved=True) for one in made * 2])
    assert sums() == (30, 6, "5.00")


@pytest.mark.django_db(transaction=True)
def test_one_persons_simultaneous_votes_are_one(mug):
    boss, reader = StaffFactory(), UserFactory()
    review = services.write_review(actor=UserFactory(), product_id=mug.pk, rating=5, comment="Well.")
    services.approve_review(actor=boss, review_id=review.pk, approved=True)
    together([lambda: services.vote_helpful(actor=reader, review_id=review.pk)] * 6)
    review.refresh_from_db()
    assert (review.helpful_votes, review.votes.count()) == (1, 1)
