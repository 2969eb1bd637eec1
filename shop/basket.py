"""A user's cart as other programs are shown it."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.conf import settings

from shop.cart_base import total_of
from shop.cart_user import UserCart
from shop.offers import Offer, offers_by_id


@dataclass(frozen=True, slots=True)
class BasketItem:
    """A line: `quantity` is capped by the stock; what is not available costs nothing."""

    id: UUID
    product: Offer
    quantity: int
    unit_price: Decimal
    line_total: Decimal
    available: bool


@dataclass(frozen=True, slots=True)
class Basket:
    """The lines in the order they were put in, how many pieces they are, and what they come to."""

    items: list[BasketItem]
    total_items: int
    total_amount: Decimal
    currency: str


def basket_of(cart: UserCart) -> Basket:
    """Return the cart at today's prices and stock, in six queries however long it is."""
    entries = cart.entries()
    line_ids = cart.line_ids()
    products = offers_by_id([entry.product.id for entry in entries])
    # A line that was taken out, or a product deleted, between two of these reads is not there any more.
    entries = [entry for entry in entries if entry.product.id in line_ids and entry.product.id in products]
    items = [
        BasketItem(
            id=line_ids[entry.product.id],
            product=products[entry.product.id],
            quantity=entry.quantity,
            unit_price=entry.product.price,
            line_total=entry.line_total,
            available=entry.is_available,
        )
        for entry in entries
    ]
    return Basket(items, sum(item.quantity for item in items), total_of(entries), settings.CURRENCY)
