"""What every page shows of the shop: the categories and how many pieces are in the cart."""

from typing import Any

from django.http import HttpRequest

from shop.cart import cart_for
from shop.tree import category_tree


def cart(request: HttpRequest) -> dict[str, Any]:
    """Return the names the header needs; each is a call that a template makes where it uses the name.

    A request that was refused before it was known whose it is has no user; nothing is in its cart.
    """
    return {
        "cart_count": lambda: cart_for(request).count() if hasattr(request, "user") else 0,
        "nav_categories": lambda: category_tree().signs,
    }
