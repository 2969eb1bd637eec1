"""What may be read of reviews."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts.models import User
from cryptons import freshness
from cryptons.errors import NotFound
from orders.models import OrderLine
from orders.status import PAID
from reviews.models import MOST_STARS, HelpfulVote, Review, ReviewStatus
from shop.models import Product
from shop.ratings import Sums

SORTS = {
    "-createdAt": ("-created_at", "-id"),
    "-helpful": ("-helpful_votes", "-created_at", "-id"),
    "rating": ("rating", "-created_at", "-id"),
    "-rating": ("-rating", "-created_at", "-id"),
}
"""What reviews may be sorted by, and the columns that means. The first is what nobody has to ask for."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A product's approved reviews at a glance. `histogram` has how many gave each number of stars, from 5 down to 1."""

    average: Decimal
    count: int
    histogram: dict[int, int]


def visible_product(*, product_id: UUID) -> Product:
    """Return the product whose reviews are asked for. Raises NotFound where the shop does not show it."""
    product = Product.objects.filter(pk=product_id, is_visible=True).only("id", "rating_count").first()
    if product is None:
        raise NotFound("There is no such product in the shop.")
    return product


def reviews_of(*, product_id: UUID, sort: str = "-createdAt") -> "QuerySet[Review]":
    """Return the approved reviews of a product as `shown` has them, sorted by one of SORTS."""
    freshness.made_of(freshness.NAMES)
    return shown().filter(product_id=product_id, status=ReviewStatus.APPROVED).order_by(*SORTS[sort])


def get_review(*, review_id: UUID) -> Review:
    """Return one review as `shown` has it. Raises NotFound."""
    review = shown().filter(pk=review_id).first()
    if review is None:
        raise NotFound("There is no such review.")
    return review


def shown() -> "QuerySet[Review]":
    """Return all reviews with their authors and `verified_purchase`: whether an order of the author's with the product was paid.

    The orders are asked each time, so that one cancelled later, or paid after the review was written, counts as it should.
    """
    bought = OrderLine.objects.filter(
        product_id=OuterRef("product_id"), order__user_id=OuterRef("user_id"), order__status__in=PAID
    )
    return Review.objects.select_related("user").annotate(verified_purchase=Exists(bought.order_by()))


def summary_of(*, product_id: UUID) -> Summary:
    """Return average, count and histogram of a product's approved reviews, in one query over them."""
    approved = Review.objects.filter(product_id=product_id, status=ReviewStatus.APPROVED).order_by()
    found = dict(approved.values_list("rating").annotate(number=Count("pk")))
    histogram = {stars: found.get(stars, 0) for stars in range(MOST_STARS, 0, -1)}
    sums = Sums(sum(stars * number for stars, number in histogram.items()), sum(histogram.values()))
    return Summary(sums.average, sums.count, histogram)


def own_review(*, user: User, slug: str) -> Review | None:
    """Return what `user` wrote about the product with this slug."""
    return Review.objects.filter(user=user, product__slug=slug).first()


def own_review_by_id(*, user: User, review_id: UUID) -> Review:
    """Return the user's own review with its product. Raises NotFound."""
    review = Review.objects.filter(pk=review_id, user=user).select_related("product").first()
    if review is None:
        raise NotFound("There is no such review.")
    return review


def helpful_to(*, user: User, slug: str) -> list[Review]:
    """Return the approved reviews of the product with this slug that `user` found helpful."""
    votes = HelpfulVote.objects.filter(user=user, review__product__slug=slug, review__status=ReviewStatus.APPROVED)
    return [vote.review for vote in votes.select_related("review__user").order_by("created_at")]
