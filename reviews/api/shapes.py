"""What /reviews takes and answers."""

from typing import Any

from cryptons.api.fields import Choice, Flag, Identifier, Moment, Number, Shape, Text, Whole, told
from cryptons.api.paging import PageMetaShape, PageQuery
from reviews.models import MOST_STARS
from reviews.selectors import SORTS, Summary


class ReviewQuery(PageQuery):
    """Which part of a product's reviews, in which order."""

    sort = Choice(choices=list(SORTS), default=next(iter(SORTS)))


class WriteShape(Shape):
    """A new review."""

    product_id = Identifier()
    rating = Whole(min_value=1, max_value=MOST_STARS)
    title = Text(max_length=120, required=False, allow_blank=True, default="")
    comment = Text(max_length=4000)


class EditShape(Shape):
    """What may be changed of a review."""

    rating = Whole(min_value=1, max_value=MOST_STARS, required=False)
    title = Text(max_length=120, required=False, allow_blank=True)
    comment = Text(max_length=4000, required=False)


class ApproveShape(Shape):
    """Whether everybody may read it; `updatedAt`, as it was answered with what the moderator read, refuses words written since."""

    approved = Flag()
    updated_at = Moment(required=False)


class AuthorShape(Shape):
    """Who wrote it, by the name they chose for everybody to see."""

    id = Identifier()
    username = Text()


class ReviewShape(Shape):
    """A review as everybody sees it."""

    example = {
        "id": "01980b6e-2222-7000-8000-000000000001",
        "productId": "01980b6e-0000-7000-8000-000000000001",
        "user": {"id": "01980b6e-1111-7000-8000-000000000001", "username": "ada"},
        "rating": 5,
        "title": "Holds what it says",
        "comment": "In use every morning since spring.",
        "approved": True,
        "verifiedPurchase": True,
        "helpfulVotes": 3,
        "createdAt": "2026-05-04T09:30:00Z",
        "updatedAt": "2026-05-04T09:30:00Z",
    }

    id = Identifier()
    product_id = Identifier()
    user = AuthorShape()
    rating = Whole()
    title = Text()
    comment = Text()
    approved = Flag(source="is_approved")
    verified_purchase = Flag()
    helpful_votes = Whole()
    created_at = Moment()
    updated_at = Moment()


class HistogramShape(Shape):
    """How many gave each number of stars: the names are "1" to "5"."""

    def get_fields(self) -> dict[str, Any]:
        """Return a field for each number of stars."""
        return {str(stars): Whole() for stars in range(1, MOST_STARS + 1)}


class SummaryShape(Shape):
    """A product's approved reviews at a glance."""

    average = Number(max_digits=3, decimal_places=2)
    count = Whole()
    histogram = HistogramShape()


class ReviewMetaShape(PageMetaShape):
    """Where in the list one is, and all of the product's reviews at a glance."""

    example = {
        "summary": {"average": 4.5, "count": 2, "histogram": {"1": 0, "2": 0, "3": 0, "4": 1, "5": 1}},
    }

    summary = SummaryShape()


def summed(summary: Summary) -> Any:
    """Return the summary as it is answered."""
    histogram = {str(stars): number for stars, number in summary.histogram.items()}
    return told(SummaryShape, {"average": summary.average, "count": summary.count, "histogram": histogram})
