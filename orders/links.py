"""Links by which a guest gets back to an order: the key in them is a signature that only this store can make."""

from django.conf import settings
from django.core.signing import Signer
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from orders.models import Order

_SALT = "orders.guest-link"


def guest_key(order: Order) -> str:
    """Return the key that opens this order's pages. It has no expiry: a receipt is looked up years later."""
    return Signer(salt=_SALT).signature(str(order.pk))


def opens(order: Order, key: str) -> bool:
    """Return whether `key` is this order's, in the same time for every wrong one."""
    return constant_time_compare(guest_key(order), key)


def guest_url(order: Order, page: str = "order") -> str:
    """Return the absolute address, with its key, of the order's page or of its `pay` page, for e-mails."""
    return f"{settings.SITE_URL}{reverse(f'orders:{page}', args=[order.number])}?key={guest_key(order)}"
