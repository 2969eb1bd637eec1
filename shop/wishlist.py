"""The wishlist: what somebody with an account wants to remember, and a note when something of it is back in stock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError
from django.db.models import QuerySet

from accounts.models import MailKind, User
from accounts.services.mail import queue_mail
from cryptons.db import atomic, guarded_update
from cryptons.errors import InvalidInput, NotFound, OutOfStock
from shop.cart_base import CartChange
from shop.cart_user import UserCart
from shop.models import Product, WishlistItem
from shop.selectors import Card, cards

log = structlog.get_logger(__name__)

MOST_ITEMS = 200
"""How many products one wishlist may hold."""
_AT_ONCE = 500  # of those that wait for one product there may be more than a statement can name


@dataclass(frozen=True, slots=True)
class Wish:
    """A product of a wishlist as its page shows it. `is_sold` is false for one that the shop no longer shows."""

    product_id: UUID
    card: Card
    slug: str
    is_sold: bool
    stock: int
    added_at: datetime

    @property
    def can_be_bought(self) -> bool:
        """Tell whether it can be put into the cart now."""
        return self.is_sold and self.stock > 0


def items_of(*, user: User) -> "QuerySet[WishlistItem, WishlistItem]":
    """Return what the user remembers of what the shop shows, newest first."""
    return WishlistItem.objects.filter(user=user, product__is_visible=True)


def wishes_of(*, user: User) -> list[Wish]:
    """Return the user's wishlist as its page shows it, newest first: what the shop shows no longer stays in it. Three queries."""
    items = list(WishlistItem.objects.filter(user=user).values_list("product_id", "created_at"))
    wanted = Product.objects.filter(pk__in=[key for key, _at in items]).order_by()
    rows: dict[UUID, dict[str, Any]] = {row["id"]: dict(row) for row in wanted.values()}
    shown = {card.id: card for card in cards(rows.values())} if rows else {}
    return [
        Wish(key, shown[key], rows[key]["slug"], rows[key]["is_visible"], rows[key]["stock"], added_at)
        for key, added_at in items
        if key in shown
    ]


def is_wished(*, user: User, slug: str) -> bool:
    """Tell whether the user remembers the product with this slug."""
    return WishlistItem.objects.filter(user=user, product__slug=slug).exists()


def add_wish(*, user: User, product_id: UUID) -> tuple[WishlistItem, bool]:
    """Remember a product; return its row and whether it is new. Raises NotFound for what is not sold, InvalidInput for a full list."""
    product = Product.objects.filter(pk=product_id, is_visible=True).only("id", "stock").first()
    if product is None:
        raise _not_sold()
    mine = WishlistItem.objects.filter(user=user)
    there = mine.filter(product_id=product_id).first()
    if there is None and mine.count() >= MOST_ITEMS:
        message = f"A wishlist holds at most {MOST_ITEMS} products. Take something off it first."
        raise InvalidInput(message, details=[{"field": "product_id", "message": message}])
    if there is not None:
        return there, False
    try:
        with atomic():
            return mine.create(user=user, product_id=product_id, is_waiting=product.stock == 0), True
    except IntegrityError as error:
        there = mine.filter(product_id=product_id).first()
        if there is not None:
            return there, False
        if Product.objects.filter(pk=product_id).exists():
            raise
        raise _not_sold() from error  # it was deleted meanwhile


def _not_sold() -> NotFound:
    return NotFound("There is no such product in the shop.")


def remove_wish(*, user: User, product_id: UUID) -> None:
    """Forget a product. Raises NotFound where it was not on the list."""
    deleted, _ = WishlistItem.objects.filter(user=user, product_id=product_id).delete()
    if not deleted:
        raise NotFound("This is not on your wishlist.")


def clear_wishes(*, user: User) -> None:
    """Forget everything."""
    WishlistItem.objects.filter(user=user).delete()


def move_to_cart(*, user: User, product_id: UUID) -> CartChange:
    """Put one piece of a product of the wishlist into the user's cart and take it off the list.

    Raises NotFound where it is not on the list or not sold any more, OutOfStock where none is left; it then stays on the list.
    """
    if not WishlistItem.objects.filter(user=user, product_id=product_id).exists():
        raise NotFound("This is not on your wishlist.")
    with atomic():
        change = UserCart(user).add(product_id, 1)
        if not change.quantity:
            raise OutOfStock(f"{change.message} It stays on your wishlist, and you get an e-mail when it is back.")
        WishlistItem.objects.filter(user=user, product_id=product_id).delete()
    return change


def tell_what_is_back(*, limit: int = 500) -> int:
    """Queue an e-mail for everybody who waits for a product that is in stock again; return how many.

    Whoever clears `is_waiting` queues the note, in one transaction, so that each return is told once however many look.
    """
    told = 0
    back = WishlistItem.objects.filter(is_waiting=True, product__stock__gt=0, product__is_visible=True)
    for item in back.select_related("product", "user").order_by("id")[:limit]:
        told += _tell(item)
    return told


def note_what_is_gone() -> int:
    """Mark what stands on wishlists and is sold out as waited for; return how many."""
    gone = WishlistItem.objects.filter(is_waiting=False, product__stock=0).order_by().values_list("pk", flat=True)
    noted = 0
    while keys := list(gone[:_AT_ONCE]):
        noted += WishlistItem.objects.filter(pk__in=keys, is_waiting=False).update(is_waiting=True)
    return noted


def _tell(item: WishlistItem) -> bool:
    with atomic():
        if not guarded_update(WishlistItem.objects.filter(pk=item.pk, is_waiting=True), is_waiting=False):
            return False
        if item.user.is_active and item.user.email_confirmed_at:
            payload = {"product": item.product.name, "path": item.product.get_absolute_url()}
            queue_mail(kind=MailKind.BACK_IN_STOCK, to=item.user.email, user=item.user, payload=payload)
    log.info("wishlist.told", item=str(item.pk), product=str(item.product_id))
    return True
