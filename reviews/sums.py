"""The sums that are kept beside the rows they are made of: a product's stars, a review's votes. How they are counted anew.

Rows also go when what they belong to is deleted (somebody closes an account), where no service is asked; so deleting counts anew.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from cryptons import freshness
from cryptons.db import guarded_update
from cryptons.errors import ServiceUnavailable
from reviews.models import HelpfulVote, Review, ReviewStatus
from shop.models import Product
from shop.ratings import Sums, set_rating
from shop.version import reviews_of

_TRIES = 50


@dataclass(frozen=True, slots=True)
class Recount:
    """What counting everything anew found: how many products and reviews there are, and how many sums of each were wrong."""

    products: int = 0
    products_wrong: int = 0
    reviews: int = 0
    reviews_wrong: int = 0


def recount(*, repair: bool) -> Recount:
    """Compare every product's stars and every review's votes with the rows they are made of; with `repair` put them right.

    Four queries, however many rows there are, and two or three for each sum that is wrong. One that changed between two of the four
    may look wrong; putting it right counts it by itself and leaves it as it is.
    """
    products, wrong_products = _wrong_products()
    reviews, wrong_reviews = _wrong_reviews()
    return Recount(
        products=products,
        products_wrong=sum(map(count_product, wrong_products)) if repair else len(wrong_products),
        reviews=reviews,
        reviews_wrong=sum(map(count_votes, wrong_reviews)) if repair else len(wrong_reviews),
    )


def count_product(product_id: UUID) -> bool:
    """Put a product's sums right; return whether they were wrong. Raises ServiceUnavailable."""
    return set_rating(product_id=product_id, count=lambda: stars_of(product_id))


def count_votes(review_id: UUID) -> bool:
    """Put a review's number of votes right; return whether it was wrong. Raises ServiceUnavailable."""
    rows = Review.objects.filter(pk=review_id)
    for _ in range(_TRIES):
        review = rows.only("helpful_votes", "product_id").first()
        votes = HelpfulVote.objects.filter(review_id=review_id).count()
        if review is None or review.helpful_votes == votes:
            return False
        if guarded_update(rows.filter(helpful_votes=review.helpful_votes), helpful_votes=votes):
            freshness.changed(reviews_of(review.product_id))
            return True
    raise ServiceUnavailable("Too many people vote at once. Please try again in a moment.")


def stars_of(product_id: UUID) -> Sums:
    """Return the sums as the approved reviews have them."""
    approved = Review.objects.filter(product_id=product_id, status=ReviewStatus.APPROVED).order_by()
    found = approved.aggregate(total=Sum("rating"), count=Count("pk"))
    return Sums(found["total"] or 0, found["count"])


def settle_review(sender: Any, instance: Review, **_more: Any) -> None:
    """Count the product's stars anew after one of its reviews was deleted, whoever did it."""
    freshness.changed(reviews_of(instance.product_id))
    count_product(instance.product_id)


def settle_votes(sender: Any, instance: HelpfulVote, **_more: Any) -> None:
    """Count the review's votes anew after one was deleted, whoever did it."""
    count_votes(instance.review_id)


def _wrong_products() -> tuple[int, list[UUID]]:
    """Return how many products there are, and those whose kept sums differ from their reviews'."""
    approved = Review.objects.filter(status=ReviewStatus.APPROVED).order_by()
    found = {
        key: Sums(total, count)
        for key, total, count in approved.values_list("product_id").annotate(Sum("rating"), Count("pk"))
    }
    kept = Product.objects.order_by().values_list("id", "rating_total", "rating_count", "rating")
    nothing, number, wrong = Sums(0, 0), 0, []
    for key, total, count, average in kept.iterator():
        number += 1
        sums = found.get(key, nothing)
        if (total, count, average) != (sums.total, sums.count, sums.average):
            wrong.append(key)
    return number, wrong


def _wrong_reviews() -> tuple[int, list[UUID]]:
    """Return how many reviews there are, and those whose kept number of votes is not that of their votes."""
    found = dict(HelpfulVote.objects.order_by().values_list("review_id").annotate(number=Count("pk")))
    kept = list(Review.objects.order_by().values_list("id", "helpful_votes"))
    return len(kept), [key for key, votes in kept if votes != found.get(key, 0)]
