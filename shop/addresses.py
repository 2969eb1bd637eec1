"""Addresses of the shop's pages that many things lead to: each is looked up once, not once a product."""

from functools import cache, lru_cache

from django.urls import reverse


@cache
def products_path() -> str:
    """Return the address of the list of all products."""
    return reverse("shop:products")


@cache
def cart_path(step: str = "") -> str:
    """Return the address of the cart, or where a `step` (add, set, remove, undo) of it is sent."""
    return reverse(f"shop:cart_{step}" if step else "shop:cart")


@lru_cache(maxsize=10_000)
def product_path(slug: str) -> str:
    """Return the address of a product's page."""
    return reverse("shop:product", args=[slug])
