"""Ways to pay. Each is a small class behind one Protocol, named by dotted path in `PAYMENT_METHODS`."""

from functools import lru_cache
from typing import Protocol, cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string


class PaymentMethod(Protocol):
    """A way to pay a payment in one coin."""

    name: str
    coin: str

    def make_address(self, payment_id: UUID) -> str:
        """Return a fresh place to pay, marked with the payment's id. Talks to a node. Raises PaymentMethodUnavailable."""
        ...

    def uri(self, address: str, amount: int) -> str:
        """Return the link that opens a wallet with `amount` (smallest units) filled in."""
        ...


def methods() -> list[PaymentMethod]:
    """Return the methods of `PAYMENT_METHODS`, in order. Raises ImportError for one that is not there."""
    return [_method(path) for path in settings.PAYMENT_METHODS]


def method_named(name: str) -> PaymentMethod:
    """Return the method that calls itself `name`. Raises LookupError."""
    for method in methods():
        if method.name == name:
            return method
    raise LookupError(f"no payment method is called {name!r}")


@lru_cache(maxsize=32)
def _method(path: str) -> PaymentMethod:
    return cast("PaymentMethod", import_string(path)())
