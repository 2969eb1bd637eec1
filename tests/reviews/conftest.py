"""A product, its reviewers and whoever reads what they write."""

import pytest
from django.contrib.auth.models import Group

from reviews import services
from reviews.models import Review, ReviewStatus
from tests.api.conftest import Api
from tests.factories import ProductFactory, UserFactory


@pytest.fixture
def api(db):
    return Api()


@pytest.fixture
def mug(db):
    return ProductFactory(name="Morning mug", slug="mug")


@pytest.fixture
def author(db):
    return UserFactory(email="ada@example.org", username="ada")


@pytest.fixture
def stranger(db):
    return UserFactory(email="bob@example.org", username="bob")


@pytest.fixture
def moderator(db):
    member = UserFactory(is_staff=True, username="moderator")
    member.groups.set(Group.objects.filter(name="Support"))
    return member


@pytest.fixture
def review(author, mug):
    return services.write_review(actor=author, product_id=mug.pk, rating=4, title="Solid", comment="Holds tea.")


@pytest.fixture
def approved(review, moderator):
    return services.approve_review(actor=moderator, review_id=review.pk, approved=True)


@pytest.fixture
def rated(mug, moderator):
    """Give a product approved reviews with these stars, each by somebody else: `rated(5, 4, 4)`."""

    def rate(*stars, product=mug):
        made = [
            services.write_review(actor=UserFactory(), product_id=product.pk, rating=number, comment="Well.")
            for number in stars
        ]
        return [services.approve_review(actor=moderator, review_id=one.pk, approved=True) for one in made]

    return rate


@pytest.fixture
def sums(mug):
    """Return what the product keeps: (sum of stars, reviews, average as text)."""

    def read(product=mug):
        product.refresh_from_db()
        return product.rating_total, product.rating_count, str(product.rating)

    return read


@pytest.fixture
def waiting():
    return lambda: Review.objects.filter(status=ReviewStatus.WAITING).count()
