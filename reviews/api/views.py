"""Endpoints of /reviews."""

from typing import Any, cast

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from cryptons.api.describe import described
from cryptons.api.fields import identifier, told, told_all
from cryptons.api.paging import answer_page, cut_of
from cryptons.api.requests import body, query
from cryptons.api.views import ANYONE, ApiView
from reviews import selectors, services
from reviews.api import shapes
from reviews.models import Review

_REVIEW = {
    "productId": "01980b6e-0000-7000-8000-000000000001",
    "rating": 5,
    "title": "Holds what it says",
    "comment": "In use every morning since spring.",
}


class OfProduct(ApiView):
    """What people say of a product."""

    access = {"GET": ANYONE}

    @described(gives=shapes.ReviewShape, query=shapes.ReviewQuery, paged=True, meta=shapes.ReviewMetaShape)
    def get(self, request: Request, product_id: str) -> Response:
        """Answer with a page of the approved reviews; `meta.summary` has average, count and histogram."""
        sent = query(request, shapes.ReviewQuery)
        product = selectors.visible_product(product_id=identifier(product_id))
        summary = selectors.summary_of(product_id=product.pk)
        cut = cut_of(sent)
        reviews = cut.of(selectors.reviews_of(product_id=product.pk, sort=sent["sort"]), summary.count)
        data = told_all(shapes.ReviewShape, reviews)
        return answer_page(data, cut.meta(summary.count, {"summary": shapes.summed(summary)}))


class Reviews(ApiView):
    """Where reviews are written."""

    @described(
        takes=shapes.WriteShape,
        gives=shapes.ReviewShape,
        status=201,
        errors=["NOT_FOUND", "ALREADY_EXISTS"],
        example=_REVIEW,
    )
    def post(self, request: Request) -> Response:
        """Store a review, which waits for approval; answer 201 with it."""
        sent = body(request, shapes.WriteShape)
        return Response(_told(services.write_review(actor=_user(request), **sent)), status=201)


class OneReview(ApiView):
    """One review, for its author and moderators."""

    @described(takes=shapes.EditShape, gives=shapes.ReviewShape, errors=["FORBIDDEN"], example={"rating": 4})
    def patch(self, request: Request, review_id: str) -> Response:
        """Change it and answer with it; it waits for approval again."""
        key = identifier(review_id)
        sent = body(request, shapes.EditShape, partial=True)
        return Response(_told(services.edit_review(actor=_user(request), review_id=key, **sent)))

    @described(errors=["FORBIDDEN"])
    def delete(self, request: Request, review_id: str) -> Response:
        """Delete it."""
        services.delete_review(actor=_user(request), review_id=identifier(review_id))
        return Response(None)


class Helpful(ApiView):
    """A reader's vote for a review."""

    @described(gives=shapes.ReviewShape, errors=["FORBIDDEN"])
    def post(self, request: Request, review_id: str) -> Response:
        """Vote, once however often it is sent; answer with the review."""
        return Response(_told(services.vote_helpful(actor=_user(request), review_id=identifier(review_id))))

    @described(errors=["FORBIDDEN"])
    def delete(self, request: Request, review_id: str) -> Response:
        """Take the vote back."""
        services.take_vote_back(actor=_user(request), review_id=identifier(review_id))
        return Response(None)


class Approve(ApiView):
    """What moderators decide."""

    access = {"PUT": services.MODERATE}

    @described(
        takes=shapes.ApproveShape, gives=shapes.ReviewShape, errors=["INVALID_TRANSITION"], example={"approved": True}
    )
    def put(self, request: Request, review_id: str) -> Response:
        """Show the review to everybody or take it away; answer with it. With `updatedAt`, 409 where it was changed since."""
        key = identifier(review_id)
        sent = body(request, shapes.ApproveShape)
        chosen = {"approved": sent["approved"], "as_of": sent.get("updated_at")}
        return Response(_told(services.approve_review(actor=_user(request), review_id=key, **chosen)))


def _user(request: Request) -> User:
    return cast("User", request.user)


def _told(review: Review) -> Any:
    return told(shapes.ReviewShape, selectors.get_review(review_id=review.pk))
