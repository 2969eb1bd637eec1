"""A guest's cart. It lives in the session, which begins with the first piece put in."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

from shop.cart_base import BaseCart, Buyable, CartEntry, Held, pieces

_KEY = "cart"
_NOTHING = (0, "")

_Lines = dict[str, tuple[int, str]]
"""By the product's key how many pieces, and the price the shopper last saw."""


class SessionCart(BaseCart):
    """Kept as `{"<product id>": [quantity, "<seen price>"]}`. Of two simultaneous writes the later stands, as with any session."""

    def __init__(self, session: SessionBase) -> None:
        self._session = session

    def held(self) -> dict[UUID, Held]:
        """Return what is kept, in the order it was put in."""
        return {UUID(key): Held(quantity, Decimal(price)) for key, (quantity, price) in self._kept().items()}

    def count(self) -> int:
        """Return how many pieces are in the cart."""
        return sum([quantity for quantity, _ in self._kept().values()])

    def holds(self, product_id: UUID) -> tuple[int, int]:
        """Return how many pieces of the product are in the cart, and how many lines it has."""
        kept = self._kept()
        return kept.get(str(product_id), _NOTHING)[0], len(kept)

    def raise_to(self, product: Buyable, quantity: int, *, more: bool, whole: bool) -> tuple[int, int]:
        """Keep `quantity` pieces (`more`: that many more), as many as `pieces` allows; return (wished, kept)."""
        key, lines = str(product.id), self._kept()
        wished = lines.get(key, _NOTHING)[0] + quantity if more else quantity
        kept = pieces(product, wished, whole=whole)
        if kept:
            self._keep({**lines, key: (kept, str(product.price))})
        return wished, kept

    def remove(self, product_id: UUID) -> int:
        """Take the product out; return how many pieces there were."""
        lines = dict(self._kept())
        quantity, _ = lines.pop(str(product_id), _NOTHING)
        if quantity:
            self._keep(lines)
        return quantity

    def clear(self) -> None:
        """Take everything out."""
        if _KEY in self._session:
            del self._session[_KEY]

    def accept_changes(self, entries: Iterable[CartEntry]) -> None:
        """Take today's prices and stock as seen, after the shopper was told."""
        changed = {
            str(entry.product.id): (entry.quantity, str(entry.product.price))
            for entry in entries
            if entry.notes and entry.is_available
        }
        if changed:
            self._keep({**self._kept(), **changed})

    def _kept(self) -> _Lines:
        kept: _Lines = self._session.get(_KEY, {})
        return kept

    def _keep(self, lines: _Lines) -> None:
        if lines:
            self._session[_KEY] = lines
        else:
            self.clear()
