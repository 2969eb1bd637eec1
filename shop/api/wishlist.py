"""/api/wishlist: the same wishlist that the signed-in shopper has on the pages."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from cryptons.api.describe import described
from cryptons.api.fields import identifier, told
from cryptons.api.paging import PageQuery, answer_page, cut_of
from cryptons.api.requests import body, query
from cryptons.api.views import ApiView
from shop import wishlist
from shop.api import shapes
from shop.models import WishlistItem
from shop.offers import Offer, offers_by_id


class Wishlist(ApiView):
    """One's own wishlist."""

    @described(gives=shapes.WishShape, query=PageQuery, many=True, paged=True)
    def get(self, request: Request) -> Response:
        """Answer with a page of it, newest first. What the shop does not show any more is left out."""
        cut = cut_of(query(request, PageQuery))
        items = wishlist.items_of(user=_user(request))
        total = items.count()
        page = cut.of(items, total)
        offers = offers_by_id([item.product_id for item in page])
        return answer_page(
            [_shown(item, offers[item.product_id]) for item in page if item.product_id in offers], cut.meta(total)
        )

    @described()
    def delete(self, request: Request) -> Response:
        """Take everything off."""
        wishlist.clear_wishes(user=_user(request))
        return Response(None)


class Items(ApiView):
    """What is on the wishlist."""

    @described(
        takes=shapes.WishAddShape,
        gives=shapes.WishShape,
        status=201,
        also=200,
        errors=["NOT_FOUND"],
        example={"productId": "0199d3f0-5c1e-7c3a-9b1e-0f2a4f6d8e10"},
    )
    def post(self, request: Request) -> Response:
        """Put a product on it: 201 where it is new, 200 where it is there already. Answers with the item."""
        sent = body(request, shapes.WishAddShape)
        item, is_new = wishlist.add_wish(user=_user(request), product_id=sent["product_id"])
        offer = offers_by_id([item.product_id])[item.product_id]
        return Response(_shown(item, offer), status=201 if is_new else 200)


class Item(ApiView):
    """A product on the wishlist."""

    @described()
    def delete(self, request: Request, product_id: str) -> Response:
        """Take it off."""
        wishlist.remove_wish(user=_user(request), product_id=identifier(product_id))
        return Response(None)


def _user(request: Request) -> User:
    """Return who asks; only for methods that `access` keeps for users."""
    if not isinstance(request.user, User):
        raise TypeError("this view lets strangers in")
    return request.user


def _shown(item: WishlistItem, offer: Offer) -> dict[str, Any]:
    row = {"product_id": item.product_id, "product": offer, "added_at": item.created_at}
    return told(shapes.WishShape, row)
