from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = "Reviews"

    def ready(self) -> None:
        from django.db.models.signals import post_delete  # noqa: PLC0415 - no models before the registry is ready

        from reviews.models import HelpfulVote, Review  # noqa: PLC0415
        from reviews.sums import settle_review, settle_votes  # noqa: PLC0415

        post_delete.connect(settle_review, sender=Review, dispatch_uid="reviews.settle_review")
        post_delete.connect(settle_votes, sender=HelpfulVote, dispatch_uid="reviews.settle_votes")
