"""/api/cart: the same cart that the signed-in shopper has on the pages."""

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from cryptons.api.describe import described
from cryptons.api.fields import identifier, told
from cryptons.api.requests import body
from cryptons.api.views import ApiView
from shop.api import shapes
from shop.basket import basket_of
from shop.cart import UserCart


class Cart(ApiView):
    """One's own cart."""

    @described(gives=shapes.CartShape)
    def get(self, request: Request) -> Response:
        """Answer with the cart at today's prices and stock."""
        return _told(_cart(request))

    @described()
    def delete(self, request: Request) -> Response:
        """Take everything out."""
        _cart(request).clear()
        return Response(None)


class Items(ApiView):
    """What is in the cart."""

    @described(
        takes=shapes.CartAddShape,
        gives=shapes.CartShape,
        status=201,
        also=200,
        errors=["NOT_FOUND", "OUT_OF_STOCK"],
        example={"productId": "0199d3f0-5c1e-7c3a-9b1e-0f2a4f6d8e10", "quantity": 2},
    )
    def post(self, request: Request) -> Response:
        """Put pieces in: 201 where they are a new line, 200 where there is one. Answers with the cart."""
        sent = body(request, shapes.CartAddShape)
        cart = _cart(request)
        change = cart.add(sent["product_id"], sent["quantity"], whole=True)
        return _told(cart, status=201 if change.quantity == sent["quantity"] else 200)


class Item(ApiView):
    """A line of the cart."""

    @described(takes=shapes.CartSetShape, gives=shapes.CartShape, errors=["OUT_OF_STOCK"], example={"quantity": 3})
    def put(self, request: Request, item_id: str) -> Response:
        """Set how many pieces there are. Answers with the cart."""
        cart = _cart(request)
        product_id = cart.product_of(identifier(item_id))
        quantity = body(request, shapes.CartSetShape)["quantity"]
        if quantity:
            cart.set(product_id, quantity, whole=True)
        else:
            cart.remove(product_id)
        return _told(cart)

    @described()
    def delete(self, request: Request, item_id: str) -> Response:
        """Take the line out."""
        cart = _cart(request)
        cart.remove(cart.product_of(identifier(item_id)))
        return Response(None)


def _cart(request: Request) -> UserCart:
    """Return the cart of who asks; only for methods that `access` keeps for users."""
    if not isinstance(request.user, User):
        raise TypeError("this view lets strangers in")
    return UserCart(request.user)


def _told(cart: UserCart, *, status: int = 200) -> Response:
    return Response(told(shapes.CartShape, basket_of(cart)), status=status)
