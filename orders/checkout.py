"""What a checkout is made of: the key that makes it happen once, and what is bought, as the buyer was shown it."""

import hashlib
import secrets
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.http import HttpRequest

from cryptons.money import fiat
from orders.services import LineRequest
from shop.cart import CartEntry, cart_for

# The names under which the session keeps its secret and the key of the checkout that is under way.
_SECRET = "checkout"  # noqa: S105
_KEY = "checkout-key"


def current_key(request: HttpRequest) -> str:
    """Return the key of the checkout this session is at: every tab has the same, until an order is placed with it."""
    _secret(request)
    return str(request.session.setdefault(_KEY, secrets.token_urlsafe(24)))


def has_key(request: HttpRequest) -> bool:
    """Tell whether this session is at a checkout already; a key that is made only now has placed no order yet."""
    return _KEY in request.session


def forget_key(request: HttpRequest) -> None:
    """Let the next checkout of this session be another one; a tab that still has the old key finds the old order."""
    request.session.pop(_KEY, None)


def bound_key(request: HttpRequest, key: str) -> str:
    """Return the order's checkout key for a form's `key`: bound to this session, so that in another it is worth nothing.

    A session without a secret is given one here, and a missing key is a new one: two strangers who both send neither must not
    meet in one order.
    """
    return hashlib.sha256(f"{_secret(request)}:{key or secrets.token_urlsafe(24)}".encode()).hexdigest()


def _secret(request: HttpRequest) -> str:
    return str(request.session.setdefault(_SECRET, secrets.token_urlsafe(24)))


@dataclass(frozen=True, slots=True)
class Basket:
    """What is in the cart at this moment: `bought` at today's prices, and `missing`, which cannot be had and is left out."""

    bought: list[CartEntry]
    missing: list[CartEntry]

    @property
    def total(self) -> Decimal:
        """Return the sum of what is bought."""
        return fiat(sum((entry.line_total for entry in self.bought), Decimal(0)), settings.CURRENCY)

    @property
    def digest(self) -> str:
        """Return a fingerprint of what is bought at which price; the form carries it, so that a change is noticed."""
        shown = "|".join(f"{entry.product.id} {entry.quantity} {entry.product.price}" for entry in self.bought)
        return hashlib.sha256(shown.encode()).hexdigest()[:32]

    @property
    def changes(self) -> list[str]:
        """Return in words what is not as the buyer put it into the cart."""
        return [f"{entry.product.name}: {note}" for entry in [*self.bought, *self.missing] for note in entry.notes]

    def lines(self) -> list[LineRequest]:
        """Return what to order."""
        return [LineRequest(entry.product.id, entry.quantity) for entry in self.bought]


def basket_of(request: HttpRequest) -> Basket:
    """Return the asker's cart as a basket."""
    entries = cart_for(request).entries()
    return Basket(
        bought=[entry for entry in entries if entry.is_available],
        missing=[entry for entry in entries if not entry.is_available],
    )
