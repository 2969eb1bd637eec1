"""What a price is about in coins. The shop asks whoever `PRICE_IN_COIN` names and knows nothing else of payments."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string


class ApproximatePrice(Protocol):
    """A price in satoshi and the time of the rate it was reckoned with."""

    @property
    def satoshi(self) -> int:
        """Return the price in satoshi."""

    @property
    def rate_at(self) -> datetime:
        """Return when the rate was taken."""


Reckoner = Callable[[Decimal], ApproximatePrice]


def reckoner(currency: str) -> Reckoner | None:
    """Return what says of amounts of `currency` about what they are in satoshi, all by one rate; None while no fresh one is known."""
    path: str = settings.PRICE_IN_COIN
    return _source(path)(currency) if path else None


def approximate(amount: Decimal, currency: str) -> ApproximatePrice | None:
    """Return about what `amount` of `currency` is in satoshi, None while no fresh rate is known."""
    reckon = reckoner(currency)
    return reckon(amount) if reckon else None


@cache
def _source(path: str) -> Callable[[str], Reckoner | None]:
    return cast("Callable[[str], Reckoner | None]", import_string(path))
