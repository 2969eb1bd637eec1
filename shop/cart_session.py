"""A guest's cart. It lives in the session, which begins with the first piece put in."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

from shop.cart_base import BaseCart, CartEntry, Held, pieces
from shop.models import Product

_KEY = "cart"


class SessionCart(BaseCart):
    """Kept as `{"<product id>": [quantity, "<seen price>"]}`. Of two simultaneous writes the later stands, as with any session."""

    def __init__(self, session: SessionBase) -> None:
        self._session = session

    def held(self) -> dict[UUID, Held]:
        """Return what is kept, in the order it was put in."""
        kept: dict[str, tuple[int, str]] = self._session.get(_KEY, {})
        return {UUID(key): Held(quantity, Decimal(price)) for key, (quantity, price) in kept.items()}

    def raise_to(self, product: Product, quantity: int, *, more: bool, whole: bool) -> tuple[int, int]:
        """Keep `quantity` pieces (`more`: that many more), as many as `pieces` allows; return (wished, kept)."""
        lines = self.held()
        before = lines[product.pk].quantity if product.pk in lines else 0
        wished = before + quantity if more else quantity
        kept = pieces(product, wished, whole=whole)
        if kept:
            self._save({**lines, product.pk: Held(kept, product.price)})
        return wished, kept

    def remove(self, product_id: UUID) -> int:
        """Take the product out; return how many pieces there were."""
        lines = self.held()
        line = lines.pop(product_id, None)
        if line is None:
            return 0
        self._save(lines)
        return line.quantity

    def clear(self) -> None:
        """Take everything out."""
        if _KEY in self._session:
            del self._session[_KEY]

    def accept_changes(self, entries: Iterable[CartEntry]) -> None:
        """Take today's prices and stock as seen, after the shopper was told."""
        changed = {
            entry.product.id: Held(entry.quantity, entry.product.price)
            for entry in entries
            if entry.notes and entry.is_available
        }
        if changed:
            self._save({**self.held(), **changed})

    def _save(self, lines: dict[UUID, Held]) -> None:
        if lines:
            self._session[_KEY] = {str(key): [line.quantity, str(line.seen_price)] for key, line in lines.items()}
        else:
            self.clear()
