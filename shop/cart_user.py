"""A user's cart. Each product is one row; every change is a guarded update, so that two tabs lose nothing of each other."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q, QuerySet, Sum

from accounts.models import User
from cryptons.db import atomic, guarded_update
from cryptons.errors import DomainError, NotFound
from shop.cart_base import BaseCart, Buyable, CartEntry, Held, most_pieces, pieces
from shop.models import CartLine

_TRIES = 20


class CartBusy(DomainError):
    """Other requests changed the same line faster than this one could; trying again helps."""

    code = "REQUEST_IN_PROGRESS"
    status = 409
    permanent = False


class UserCart(BaseCart):
    """Kept as one `CartLine` a product."""

    def __init__(self, user: User) -> None:
        self._user = user

    def count(self) -> int:
        """Return how many pieces are in the cart, in one query."""
        total: int | None = self._lines().aggregate(total=Sum("quantity"))["total"]
        return total or 0

    def held(self) -> dict[UUID, Held]:
        """Return what is kept, in the order it was put in."""
        rows = self._lines().values_list("product_id", "quantity", "seen_price")
        return {product_id: Held(quantity, price) for product_id, quantity, price in rows}

    def raise_to(self, product: Buyable, quantity: int, *, more: bool, whole: bool) -> tuple[int, int]:
        """Keep `quantity` pieces (`more`: that many more), as many as `pieces` allows; return (wished, kept)."""
        for _ in range(_TRIES):
            line = self._lines().filter(product_id=product.id).first()
            wished = line.quantity + quantity if more and line else quantity
            kept = pieces(product, wished, whole=whole)
            if kept == 0 or self._keep(line, product, kept):
                return wished, kept
        raise CartBusy("Your cart is being changed elsewhere. Please try again.")

    def keep_at_least(self, product: Buyable, quantity: int, seen_price: Decimal) -> int:
        """Have at least `quantity` pieces, as far as the stock goes; return how many there are now. Doing it twice changes nothing."""
        for _ in range(_TRIES):
            line = self._lines().filter(product_id=product.id).first()
            before = line.quantity if line else 0
            kept = min(max(before, quantity), most_pieces(product.stock))
            if kept <= before or self._keep(line, product, kept, seen_price):
                return max(kept, before)
        raise CartBusy("Your cart is being changed elsewhere. Please try again.")

    def remove(self, product_id: UUID) -> int:
        """Take the product out; return how many pieces there were."""
        quantity: int | None = self._lines().filter(product_id=product_id).values_list("quantity", flat=True).first()
        self._lines().filter(product_id=product_id).delete()
        return quantity or 0

    def take(self, held: Mapping[UUID, Held]) -> bool:
        """Take out what was read as `held`; false where a line is gone or holds another number of pieces by now.

        Call it in a transaction that ends without effect where this is false.
        """
        if not held:
            return True
        as_read = [Q(product_id=product_id, quantity=line.quantity) for product_id, line in held.items()]
        taken, _ = self._lines().filter(reduce(or_, as_read)).delete()
        return taken == len(held)

    def clear(self) -> None:
        """Take everything out."""
        self._lines().delete()

    def line_ids(self) -> dict[UUID, UUID]:
        """Return the key of each product's line."""
        return dict(self._lines().values_list("product_id", "id"))

    def product_of(self, line_id: UUID) -> UUID:
        """Return the product of one of this cart's lines. Raises NotFound, for a line of somebody else's too."""
        found: UUID | None = self._lines().filter(pk=line_id).values_list("product_id", flat=True).first()
        if found is None:
            raise NotFound("There is no such line in your cart.")
        return found

    def accept_changes(self, entries: Iterable[CartEntry]) -> None:
        """Take today's prices and stock as seen, after the shopper was told."""
        for entry in entries:
            if entry.notes and entry.is_available:
                as_read = self._lines().filter(product_id=entry.product.id, quantity=entry.wanted)
                guarded_update(as_read, quantity=entry.quantity, seen_price=entry.product.price)

    def _lines(self) -> "QuerySet[CartLine, CartLine]":
        return CartLine.objects.filter(user=self._user)

    def _keep(self, line: CartLine | None, product: Buyable, quantity: int, seen_price: Decimal | None = None) -> bool:
        price = product.price if seen_price is None else seen_price
        if line is not None:
            unchanged = self._lines().filter(pk=line.pk, quantity=line.quantity)
            return guarded_update(unchanged, quantity=quantity, seen_price=price)
        try:
            with atomic():
                self._lines().create(user=self._user, product_id=product.id, quantity=quantity, seen_price=price)
        except IntegrityError:
            return False  # another tab was first: look again and change its row
        return True
