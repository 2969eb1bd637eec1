"""What shoppers say about products, and who found it helpful."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from cryptons import clock
from cryptons.db import KeyedModel
from shop.models import Product

MOST_STARS = 5


class ReviewStatus(models.TextChoices):
    """Where a review stands: only an approved one is shown and counted."""

    WAITING = "waiting", "Waits to be read"
    APPROVED = "approved", "Shown"
    DECLINED = "declined", "Not shown"


class Review(KeyedModel):
    """One person's opinion of one product. `helpful_votes` is how many `HelpfulVote` rows there are.

    What somebody else may have read, or what is counted in the product's average, changes in `reviews.services` only.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="reviews")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reviews")
    rating = models.PositiveSmallIntegerField("stars", validators=[MinValueValidator(1), MaxValueValidator(MOST_STARS)])
    title = models.CharField(max_length=120, blank=True)
    comment = models.TextField(max_length=4000)
    status = models.CharField(max_length=10, choices=ReviewStatus, default=ReviewStatus.WAITING, editable=False)
    helpful_votes = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = [models.UniqueConstraint(fields=["user", "product"], name="review_once")]
        indexes = [
            models.Index(fields=["product", "status", "-created_at"], name="review_newest"),
            models.Index(fields=["product", "status", "-helpful_votes"], name="review_helpful"),
            models.Index(fields=["product", "status", "rating"], name="review_rating"),
            models.Index(fields=["status", "created_at"], name="review_queue"),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.rating} of {MOST_STARS} stars"

    @property
    def is_approved(self) -> bool:
        """Tell whether everybody may read it."""
        return self.status == ReviewStatus.APPROVED


class HelpfulVote(KeyedModel):
    """Somebody, not its author, found a review helpful."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="helpful_votes")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "review"], name="helpful_vote_once")]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.review_id}"
