"""What a price is about in coins. The shop asks whoever `PRICE_IN_COIN` names and knows nothing else of payments."""

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


class _Approximate(Protocol):
    def __call__(self, amount: Decimal, currency: str) -> ApproximatePrice | None: ...


def approximate(amount: Decimal, currency: str) -> ApproximatePrice | None:
    """Return about what `amount` of `currency` is in satoshi, None while no fresh rate is known."""
    path: str = settings.PRICE_IN_COIN
    return _source(path)(amount, currency) if path else None


@cache
def _source(path: str) -> _Approximate:
    return cast("_Approximate", import_string(path))
