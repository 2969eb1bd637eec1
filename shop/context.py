"""What every page shows of the shop: the categories and how many pieces are in the cart."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from shop.cart import cart_for
from shop.tree import category_tree


def cart(request: HttpRequest) -> dict[str, Any]:
    """Return the names the header needs; each is read only where a template uses it."""
    return {
        "cart_count": SimpleLazyObject(lambda: cart_for(request).count()),
        "nav_categories": SimpleLazyObject(lambda: [node for node in category_tree().roots if node.count]),
    }
