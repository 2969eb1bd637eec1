"""The one way back: payments tell a single listener what changed, and never learn who listens."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class PaymentUpdate:
    """What a payment has become. `previous` is the status before; `received`, `due` in satoshi; `txids` of transfers that count."""

    payment_id: UUID
    previous: str
    status: str
    exception: str
    received: int
    due: int
    confirmations: int
    txids: tuple[str, ...] = ()


Listener = Callable[[PaymentUpdate], None]


def listener() -> Listener:
    """Return the function that `PAYMENT_LISTENER` names. Raises ImportError where there is none."""
    return cast("Listener", import_string(settings.PAYMENT_LISTENER))


def announce(update: PaymentUpdate) -> None:
    """Tell the listener, inside the transaction that changed the payment: both stand or both fall."""
    listener()(update)
