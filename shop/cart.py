"""The cart: one set of rules, kept in the session for guests (`SessionCart`) and in the database for users (`UserCart`)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from django.http import HttpRequest

from shop.cart_base import CartChange, CartEntry
from shop.cart_session import SessionCart
from shop.cart_user import UserCart

__all__ = ["Cart", "CartChange", "CartEntry", "SessionCart", "UserCart", "cart_for"]


class Cart(Protocol):
    """What every cart does, wherever it is kept."""

    def entries(self) -> list[CartEntry]:
        """Return what is in the cart at today's prices and stock, in the order it was put there."""

    def entries_to_show(self) -> list[CartEntry]:
        """Return the same for a page on which nothing is bought yet: products are not asked for while they are known."""

    def total(self) -> Decimal:
        """Return the sum of what can be bought, in the store's currency."""

    def count(self) -> int:
        """Return how many pieces are in the cart."""

    def add(self, product_id: UUID, quantity: int) -> CartChange:
        """Put `quantity` more pieces in, as far as the stock goes. Raises NotFound, InvalidInput."""

    def set(self, product_id: UUID, quantity: int) -> CartChange:
        """Have `quantity` pieces in the cart, as far as the stock goes; 0 removes. Raises NotFound, InvalidInput."""

    def remove(self, product_id: UUID) -> int:
        """Take the product out; return how many pieces there were."""

    def clear(self) -> None:
        """Take everything out."""

    def accept_changes(self, entries: Iterable[CartEntry]) -> None:
        """Take today's prices and stock as seen, after the shopper was told."""


def cart_for(request: HttpRequest) -> Cart:
    """Return the cart of whoever asks. Making it costs no query, and a guest without a session is given none by reading."""
    if request.user.is_authenticated:
        return UserCart(request.user)
    return SessionCart(request.session)
