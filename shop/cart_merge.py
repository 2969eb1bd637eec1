"""At sign-in the guest's cart becomes the user's."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from accounts.models import User
from cryptons.db import atomic
from shop.cart_session import SessionCart
from shop.cart_user import UserCart
from shop.models import Product


def merge_carts(sender: type[User], request: HttpRequest, user: User, **_: Any) -> None:
    """Move the guest's pieces into the user's cart, as far as the stock goes, and say so (receiver of `user_logged_in`).

    Of a product in both carts the larger number stays. A sum would count the same wish twice whenever this runs twice, in two tabs
    or after a crash before the session was saved.
    """
    guest = SessionCart(request.session)
    held = guest.held()
    if not held:
        return
    cart = UserCart(user)
    short = []
    sold = Product.objects.filter(is_visible=True).only("id", "name", "price", "stock").in_bulk(list(held))
    with atomic():
        for product_id, line in held.items():
            product = sold.get(product_id)
            if product is None:
                continue
            kept = cart.keep_at_least(product, line.quantity, line.seen_price)
            if kept < line.quantity:
                short.append(f"{product.name}: {_left(kept)}")
    guest.clear()
    messages.info(request, "What you chose before signing in is in your cart.", fail_silently=True)
    for sentence in short:
        messages.warning(request, sentence, fail_silently=True)


def _left(kept: int) -> str:
    if kept == 0:
        return "sold out meanwhile, so it is not in your cart."
    return f"only {kept} left, so your cart holds {'that one' if kept == 1 else f'those {kept}'}."
