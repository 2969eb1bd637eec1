"""The rules of a cart, whatever it is kept in."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from django.conf import settings

from cryptons.errors import InvalidInput, NotFound, OutOfStock
from cryptons.money import fiat, format_fiat
from shop.cart_products import CartProduct, products_of, read_products
from shop.stock import FEW

MOST_LINES = 100
"""How many different products one cart may hold."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a cart keeps of a product: how many pieces, and the price the shopper last saw."""

    quantity: int
    seen_price: Decimal


class Buyable(Protocol):
    """What a cart has to know of a product to keep pieces of it."""

    @property
    def id(self) -> UUID:
        """Return its key."""

    @property
    def name(self) -> str:
        """Return its name."""

    @property
    def price(self) -> Decimal:
        """Return what a piece costs, in the store's currency."""

    @property
    def stock(self) -> int:
        """Return how many pieces the shop has."""


@dataclass(frozen=True, slots=True)
class CartEntry:
    """A line of the cart. `quantity` is capped by the stock; of what cannot be bought now it is what was wanted, and costs nothing.

    `wanted` is what the cart keeps; `notes` say what changed since the shopper last looked.
    """

    product: CartProduct
    quantity: int
    wanted: int
    seen_price: Decimal
    notes: tuple[str, ...] = ()

    @property
    def is_available(self) -> bool:
        """Tell whether the line can be bought now."""
        return self.product.is_visible and self.product.stock > 0

    @property
    def left(self) -> int:
        """Return how many pieces the shop has where they are few, else 0."""
        return self.product.stock if self.product.is_visible and self.product.stock <= FEW else 0

    @property
    def line_total(self) -> Decimal:
        """Return price times quantity, rounded to the currency's places; 0 for what cannot be bought."""
        if not self.is_available:
            return fiat(0, settings.CURRENCY)
        return fiat(self.product.price * self.quantity, settings.CURRENCY)

    @property
    def most(self) -> int:
        """Return how many pieces one may have."""
        return most_pieces(self.product.stock)


@dataclass(frozen=True, slots=True)
class CartChange:
    """What became of a wish: `quantity` is what the cart holds now, `message` says it, `capped` when it is less than was wished."""

    product_id: UUID
    name: str
    quantity: int
    capped: bool
    message: str


class BaseCart(ABC):
    """The rules; subclasses keep the lines."""

    @abstractmethod
    def held(self) -> dict[UUID, Held]:
        """Return what is kept, in the order it was put in."""

    @abstractmethod
    def raise_to(self, product: Buyable, quantity: int, *, more: bool, whole: bool) -> tuple[int, int]:
        """Keep `quantity` pieces (`more`: that many more), as many as `pieces` allows; return (wished, kept)."""

    @abstractmethod
    def remove(self, product_id: UUID) -> int:
        """Take the product out; return how many pieces there were."""

    @abstractmethod
    def clear(self) -> None:
        """Take everything out."""

    @abstractmethod
    def accept_changes(self, entries: Iterable[CartEntry]) -> None:
        """Take today's prices and stock as seen, after the shopper was told."""

    def count(self) -> int:
        """Return how many pieces are in the cart."""
        return sum(held.quantity for held in self.held().values())

    def holds(self, product_id: UUID) -> tuple[int, int]:
        """Return how many pieces of the product are in the cart, and how many lines it has."""
        held = self.held()
        return held[product_id].quantity if product_id in held else 0, len(held)

    def entries(self) -> list[CartEntry]:
        """Return what is in the cart at today's prices and stock: the lines, their products and their pictures in a query each."""
        held = self.held()
        return _entries(held, read_products(held))

    def entries_to_show(self) -> list[CartEntry]:
        """Return the same for a page on which nothing is bought yet: products are not asked for while they are known."""
        held = self.held()
        return _entries(held, products_of({key: line.quantity for key, line in held.items()}))

    def total(self) -> Decimal:
        """Return the sum of what can be bought, in the store's currency."""
        return total_of(self.entries())

    def add(self, product_id: UUID, quantity: int, *, whole: bool = False) -> CartChange:
        """Put `quantity` more pieces in, as far as the stock goes; `whole`: all of them or none.

        Raises NotFound, InvalidInput, and OutOfStock where all were wanted and fewer are left.
        """
        if quantity < 1:
            raise InvalidInput("Choose one piece or more.")
        return self._change(product_id, quantity, more=True, whole=whole)

    def set(self, product_id: UUID, quantity: int, *, whole: bool = False) -> CartChange:
        """Have `quantity` pieces in the cart, as far as the stock goes (`whole`: all of them or no change); 0 removes.

        Raises NotFound, InvalidInput, and OutOfStock where all were wanted and fewer are left.
        """
        if quantity < 0:
            raise InvalidInput("Choose no piece or more.")
        return self._change(product_id, quantity, more=False, whole=whole)

    def _change(self, product_id: UUID, quantity: int, *, more: bool, whole: bool) -> CartChange:
        before, lines = self.holds(product_id)
        product = _sold(product_id, before + quantity)
        if quantity == 0:
            self.remove(product_id)
            return CartChange(product_id, product.name, 0, capped=False, message=f"{product.name} was removed.")
        if not before and lines >= MOST_LINES:
            raise InvalidInput(f"A cart holds at most {MOST_LINES} different products. Order these first.")
        wished, kept = self.raise_to(product, quantity, more=more, whole=whole)
        return CartChange(product_id, product.name, kept, kept < wished, _say(product, wished, kept))


def in_words(quantity: int) -> str:
    """Return so many pieces for people."""
    return "1 piece" if quantity == 1 else f"{quantity} pieces"


def most_pieces(stock: int) -> int:
    """Return how many pieces of a product with this stock one cart may hold."""
    return max(0, min(stock, settings.CART_MOST_PIECES))


def pieces(product: Buyable, wished: int, *, whole: bool) -> int:
    """Return how many of the wished pieces a cart may hold. Raises InvalidInput or OutOfStock where it has to be the `whole` number."""
    kept = min(wished, most_pieces(product.stock))
    if not whole or kept == wished:
        return kept
    if product.stock >= wished:
        message = f"A cart holds at most {settings.CART_MOST_PIECES} pieces of one product."
        raise InvalidInput(message, details=[{"field": "quantity", "message": message}])
    message = f"Only {product.stock} left of {product.name}." if product.stock else f"{product.name} is sold out."
    detail = {"field": "quantity", "product": str(product.id), "left": product.stock, "message": message}
    raise OutOfStock(message, details=[detail])


def total_of(entries: Iterable[CartEntry]) -> Decimal:
    """Return the sum of the lines, in the store's currency."""
    return fiat(sum((entry.line_total for entry in entries), Decimal(0)), settings.CURRENCY)


def _sold(product_id: UUID, wanted: int) -> CartProduct:
    product = products_of({product_id: wanted}).get(product_id)
    if product is None or not product.is_visible:
        raise NotFound("This product is not sold any more.")
    return product


def _say(product: Buyable, wished: int, kept: int) -> str:
    if kept == 0:
        return f"{product.name} is sold out."
    if kept == wished:
        return f"{product.name}: {in_words(kept)} in your cart."
    if product.stock <= kept:
        return f"Only {product.stock} left of {product.name}. Your cart holds {'it' if kept == 1 else 'all of them'}."
    return f"One order takes at most {kept} pieces of {product.name}, so your cart holds {kept}."


def _entries(held: Mapping[UUID, Held], products: Mapping[UUID, CartProduct]) -> list[CartEntry]:
    return [_entry(product, line) for key, line in held.items() if (product := products.get(key))]


def _entry(product: CartProduct, held: Held) -> CartEntry:
    if not product.is_visible:
        return CartEntry(product, held.quantity, held.quantity, held.seen_price, ("This is not sold any more.",))
    if product.stock == 0:
        return CartEntry(product, held.quantity, held.quantity, held.seen_price, ("Sold out since you put it here.",))
    notes = []
    quantity = min(held.quantity, most_pieces(product.stock))
    if quantity < held.quantity:
        notes.append(f"Only {quantity} left, so your {held.quantity} became {quantity}.")
    if product.price != held.seen_price:
        before, now = (format_fiat(price, settings.CURRENCY) for price in (held.seen_price, product.price))
        way = "up" if product.price > held.seen_price else "down"
        notes.append(f"The price went {way} from {before} to {now}.")
    return CartEntry(product, quantity, held.quantity, held.seen_price, tuple(notes))
