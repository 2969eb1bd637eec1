"""The pages on which shoppers write reviews, and the buttons beside those of others."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.views.common import member, members_only, show_refusal
from cryptons.errors import DomainError, NotFound
from cryptons.redirects import local_url
from reviews import selectors, services
from reviews.forms import ReviewForm
from reviews.models import Review
from shop.models import Product
from shop.same_origin import same_origin
from shop.selectors import get_product

THANKS = "Thank you. Your review is shown as soon as somebody of the shop has read it."
CHANGED = "Your review is changed. It is shown as soon as somebody of the shop has read it again."


@require_http_methods(["GET", "POST"])
@members_only
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a review of a product, or change the one there is."""
    product, user = _product(slug), member(request)
    written = selectors.own_review(user=user, slug=slug)
    form = ReviewForm.of(written, request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            _store(user, product, written, form)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, CHANGED if written else THANKS)
            return redirect(f"{product.get_absolute_url()}#reviews")
    return render(request, "reviews/write.html", {"product": product, "form": form, "written": written})


@require_http_methods(["GET", "POST"])
@members_only
def delete(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Ask once, then delete one's own review."""
    try:
        review = selectors.own_review_by_id(user=member(request), review_id=review_id)
    except NotFound as error:
        raise Http404(error.message) from error
    if request.method == "POST":
        services.delete_review(actor=member(request), review_id=review_id)
        messages.success(request, "Your review is deleted.")
        return redirect(f"{review.product.get_absolute_url()}#reviews")
    return render(request, "reviews/delete.html", {"review": review})


@require_POST
@same_origin
def helpful(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Vote for a review, or take the vote back (`undo`)."""
    here = local_url(request, request.POST.get("next"), "/")
    if not isinstance(request.user, User):
        messages.info(request, "Sign in to say that a review helped you.")
        return redirect(f"{here}#reviews")
    undo = "undo" in request.POST
    step = services.take_vote_back if undo else services.vote_helpful
    try:
        step(actor=request.user, review_id=review_id)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "Your vote is taken back." if undo else "Thank you. Your vote is counted.")
    return redirect(f"{here}#reviews")


def _product(slug: str) -> Product:
    try:
        return get_product(slug=slug)
    except NotFound as error:
        raise Http404(error.message) from error


def _store(user: User, product: Product, written: Review | None, form: ReviewForm) -> None:
    words = form.cleaned_data
    if written:
        services.edit_review(actor=user, review_id=written.pk, **words)
    else:
        services.write_review(actor=user, product_id=product.pk, **words)
