"""The queue of reviews to be read. Moderators decide; what people wrote is never changed by the staff."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User
from cryptons.access import may
from cryptons.errors import DomainError, InvalidInput
from reviews import selectors, services
from reviews.models import MOST_STARS, Review, ReviewStatus


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin[Review]):
    """Reviews, those that wait to be read first and the longest waiting at the top."""

    list_display = ("status", "stars", "words", "product_link", "author", "is_verified", "created_at")
    list_display_links = None
    list_filter = ("status", "rating")
    list_select_related = ("product", "user")
    list_per_page = 50
    search_fields = ("title", "comment", "product__name", "product__sku", "user__username", "user__email")
    search_help_text = "Words of the review, product, SKU, user name or e-mail address"
    actions = ("approve", "decline")
    fields = ("product", "user", "rating", "title", "comment", "status", "helpful_votes", "created_at", "updated_at")
    readonly_fields = fields

    class Media:
        css = {"all": ["css/reviews-admin.css"]}

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Review]":
        return selectors.shown().select_related("product")

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        waiting = When(status=ReviewStatus.WAITING, then=Value(0))
        return (Case(waiting, default=Value(1), output_field=IntegerField()).asc(), "created_at")

    @admin.display(description="review")
    def words(self, review: Review) -> SafeString:
        # What the moderator has before them goes along with the decision, so that words written since are not approved unread.
        read = format_html(
            '<input type="hidden" name="{}" value="{}">', _read(review.pk), review.updated_at.isoformat()
        )
        return format_html("<strong>{}</strong> {}{}", review.title, review.comment, read)

    @admin.display(description="stars", ordering="rating")
    def stars(self, review: Review) -> str:
        return f"{review.rating} of {MOST_STARS}"

    @admin.display(description="product", ordering="product__name")
    def product_link(self, review: Review) -> SafeString:
        return format_html('<a href="{}#reviews">{}</a>', review.product.get_absolute_url(), review.product.name)

    @admin.display(description="by", ordering="user__username")
    def author(self, review: Review) -> str:
        return review.user.username

    @admin.display(description="bought it", boolean=True)
    def is_verified(self, review: Review) -> bool:
        return bool(getattr(review, "verified_purchase", False))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request.user, services.MODERATE)

    def has_view_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        return may(request.user, services.MODERATE)

    def has_delete_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        return may(request.user, services.MODERATE)

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """Return whether the actions are offered."""
        return may(request.user, services.MODERATE)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        return False

    @admin.action(description="Approve: show them in the shop", permissions=["moderate"])
    def approve(self, request: HttpRequest, queryset: "QuerySet[Review]") -> None:
        _decide(request, queryset, approved=True)

    @admin.action(description="Decline: do not show them", permissions=["moderate"])
    def decline(self, request: HttpRequest, queryset: "QuerySet[Review]") -> None:
        _decide(request, queryset, approved=False)


def _read(key: UUID) -> str:
    return f"read-{key}"


def _as_of(request: HttpRequest, key: UUID) -> datetime | None:
    """Return when the words that the moderator had before them were written; None where the review was not on the page."""
    try:
        return parse_datetime(request.POST.get(_read(key), ""))
    except ValueError as error:
        raise InvalidInput("The page was not sent as it was shown. Load it again.") from error


def _decide(request: HttpRequest, chosen: "QuerySet[Review]", *, approved: bool) -> None:
    assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in; this tells the type checker
    decided = 0
    for key in chosen.order_by().values_list("pk", flat=True):
        try:
            services.approve_review(actor=request.user, review_id=key, approved=approved, as_of=_as_of(request, key))
        except DomainError as error:
            messages.error(request, error.message)
        else:
            decided += 1
    if not decided:
        return
    many = "1 review is" if decided == 1 else f"{decided} reviews are"
    messages.success(request, f"{many} {'shown in the shop' if approved else 'not shown'} now.")
