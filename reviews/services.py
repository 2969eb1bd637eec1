"""What may be done with reviews: every page, admin action and endpoint calls these. They check who may."""

from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError
from django.db.models import F

from accounts.models import User
from cryptons import clock, freshness
from cryptons.access import may, require
from cryptons.db import atomic, guarded_update
from cryptons.errors import AlreadyExists, Forbidden, InvalidInput, InvalidTransition, NotFound, ServiceUnavailable
from reviews.models import MOST_STARS, HelpfulVote, Review, ReviewStatus
from reviews.sums import Recount, recount
from shop.models import Product
from shop.ratings import change_rating
from shop.version import reviews_of

log = structlog.get_logger(__name__)

MODERATE = "reviews:moderate"
_TRIES = 20
_LONGEST = {"title": 120, "comment": 4000}


def write_review(*, actor: User, product_id: UUID, rating: int, comment: str, title: str = "") -> Review:
    """Store what `actor` says of a product: 1 to 5 stars and words. It waits for approval.

    Raises NotFound for a product that is not shown, InvalidInput by field, AlreadyExists for a second one by the same person.
    """
    words = _clean(rating=rating, title=title, comment=comment)
    _check_is_shown(product_id)
    try:
        with atomic():
            review = Review.objects.create(user=actor, product_id=product_id, **words)
    except IntegrityError as error:
        if not Review.objects.filter(user=actor, product_id=product_id).exists():
            _check_is_shown(product_id)  # it may have been deleted meanwhile
            raise
        raise AlreadyExists("You have written a review of this product already. You can change it.") from error
    log.info("review.written", review=str(review.pk))
    return review


def add_approved_review(
    *, author: User, product_id: UUID, rating: int, comment: str, title: str = "", created_at: datetime
) -> Review:
    """Store a review that was written elsewhere at `created_at` and needs no approval. Its stars count at once.

    For loaders only: it asks nobody's permission. Raises InvalidInput by field, IntegrityError for a second one by the same person.
    """
    words = _clean(rating=rating, title=title, comment=comment)
    with atomic():
        review = Review.objects.create(
            user=author,
            product_id=product_id,
            status=ReviewStatus.APPROVED,
            created_at=created_at,
            updated_at=created_at,
            **words,
        )
        change_rating(product_id=product_id, total_by=rating, count_by=1)
    return review


def edit_review(*, actor: User, review_id: UUID, **changes: Any) -> Review:
    """Change `rating`, `title` or `comment`, those that are given. The review waits for approval again.

    Raises NotFound, Forbidden for whoever is neither its author nor a moderator, InvalidInput.
    """
    words = _clean(**changes)
    if not words:
        return _own(actor, review_id)
    for _ in range(_TRIES):
        review = _own(actor, review_id)
        if _move(review, ReviewStatus.WAITING, **words):
            return _review(review_id)
    raise _busy()


def delete_review(*, actor: User, review_id: UUID) -> None:
    """Delete the review with its votes; its stars count no more. Raises NotFound, Forbidden."""
    review = _own(actor, review_id)
    with atomic():
        review.delete()
    log.info("review.deleted", review=str(review_id))


def approve_review(*, actor: User, review_id: UUID, approved: bool, as_of: datetime | None = None) -> Review:
    """Show the review to everybody, or take it away. Doing it twice changes nothing.

    `as_of` is the `updated_at` of what the moderator read: nobody approves words that the author wrote since.
    Raises NotFound, Forbidden, InvalidTransition where the review has changed since `as_of`.
    """
    require(actor, MODERATE)
    status = ReviewStatus.APPROVED if approved else ReviewStatus.DECLINED
    for _ in range(_TRIES):
        review = _review(review_id)
        if review.status == status:
            return review
        if as_of is not None and review.updated_at != as_of:
            raise InvalidTransition("This review was changed after you read it. Read it again, then decide.")
        if _move(review, status):
            return _review(review_id)
    raise _busy()


def vote_helpful(*, actor: User, review_id: UUID) -> Review:
    """Record that `actor` found the review helpful, once. Raises NotFound for one that is not shown, Forbidden for one's own."""
    review = _shown(review_id)
    if review.user_id == actor.pk:
        raise Forbidden("This is your own review.")
    try:
        with atomic():
            HelpfulVote.objects.create(review=review, user=actor)
            Review.objects.filter(pk=review_id).update(helpful_votes=F("helpful_votes") + 1)
            freshness.changed(reviews_of(review.product_id))
    except IntegrityError:
        if not HelpfulVote.objects.filter(review=review, user=actor).exists():
            _shown(review_id)  # it may have been deleted meanwhile
            raise
    return _review(review_id)


def take_vote_back(*, actor: User, review_id: UUID) -> Review:
    """Take the vote of `actor` back, where there is one. Raises NotFound for a review that is not shown, Forbidden for one's own."""
    review = _shown(review_id)
    if review.user_id == actor.pk:
        raise Forbidden("This is your own review.")
    with atomic():
        HelpfulVote.objects.filter(review=review, user=actor).delete()
    return _review(review_id)


def recount_ratings(*, repair: bool) -> Recount:
    """Check every sum against the rows it is made of; with `repair` put wrong ones right, while the shop goes on."""
    return recount(repair=repair)


def _move(review: Review, status: ReviewStatus, **words: Any) -> bool:
    """Write the new status and words where the review is still as it was read, and its stars into the product's sums."""
    as_read = Review.objects.filter(pk=review.pk, status=review.status, updated_at=review.updated_at)
    counts = status == ReviewStatus.APPROVED
    stars_before = review.rating if review.is_approved else 0
    stars_after = words.get("rating", review.rating) if counts else 0
    with atomic():
        if not guarded_update(as_read, status=status, updated_at=clock.now(), **words):
            return False
        freshness.changed(reviews_of(review.product_id))
        if stars_before or stars_after:
            change_rating(
                product_id=review.product_id,
                total_by=stars_after - stars_before,
                count_by=int(counts) - int(review.is_approved),
            )
    log.info("review.moved", review=str(review.pk), before=review.status, after=str(status))
    return True


def _check_is_shown(product_id: UUID) -> None:
    if not Product.objects.filter(pk=product_id, is_visible=True).exists():
        raise NotFound("There is no such product in the shop.")


def _review(review_id: UUID) -> Review:
    review = Review.objects.filter(pk=review_id).first()
    if review is None:
        raise NotFound("There is no such review.")
    return review


def _shown(review_id: UUID) -> Review:
    review = Review.objects.filter(pk=review_id, status=ReviewStatus.APPROVED).first()
    if review is None:
        raise NotFound("There is no such review.")
    return review


def _own(actor: User, review_id: UUID) -> Review:
    review = _review(review_id)
    if review.user_id != actor.pk and not may(actor, MODERATE):
        raise Forbidden("This is somebody else's review.")
    return review


def _clean(**words: Any) -> dict[str, Any]:
    """Return the words trimmed. Raises InvalidInput naming every field that breaks a rule."""
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in words.items()}
    wrong = {name: problem for name, value in clean.items() if (problem := _problem(name, value))}
    if wrong:
        details = [{"field": name, "message": problem} for name, problem in wrong.items()]
        raise InvalidInput(" ".join(wrong.values()), details=details)
    return clean


def _problem(name: str, value: Any) -> str:
    if name == "rating":
        return "" if value in range(1, MOST_STARS + 1) else f"Give 1 to {MOST_STARS} stars."
    if name == "comment" and not value:
        return "Write a few words."
    longest = _LONGEST[name]
    return f"Write at most {longest} characters." if len(value) > longest else ""


def _busy() -> ServiceUnavailable:
    return ServiceUnavailable("This review is being changed elsewhere. Please try again.")
