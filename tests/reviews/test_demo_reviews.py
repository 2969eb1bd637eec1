"""The demo catalogue's reviews: whole, counted, loaded once."""

from decimal import Decimal

import pytest
from django.core.management import call_command

from accounts.models import User
from reviews import services
from reviews.demo.loader import demo_reviews, load
from reviews.models import Review, ReviewStatus
from shop.demo import reading
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def teapot(db):
    return ProductFactory(sku="KIT-TEA-01")


def test_each_is_of_something_in_the_demo_catalogue():
    assert {one.sku for one in demo_reviews()} <= {product.sku for product in reading.products()}


def test_they_are_shown_and_counted(teapot):
    assert load() == 3
    teapot.refresh_from_db()
    assert (teapot.rating_total, teapot.rating_count, teapot.rating) == (14, 3, Decimal("4.67"))
    assert set(teapot.reviews.values_list("status", flat=True)) == {ReviewStatus.APPROVED}
    assert sorted(teapot.reviews.values_list("helpful_votes", flat=True)) == [0, 2, 5]
    counted = services.recount_ratings(repair=False)
    assert (counted.reviews, counted.products_wrong, counted.reviews_wrong) == (3, 0, 0)


def test_a_second_run_adds_nothing_and_brings_nothing_back(teapot):
    load()
    Review.objects.filter(product=teapot).update(comment="Changed.")
    assert load() == 0
    assert set(Review.objects.values_list("comment", flat=True)) == {"Changed."}


def test_what_is_not_in_the_shop_gets_none(db):
    call_command("load_demo_reviews", verbosity=0)
    assert not Review.objects.exists()


def test_nobody_can_sign_in_as_their_authors(teapot):
    load()
    assert not any(person.is_active or person.has_usable_password() for person in User.objects.all())
