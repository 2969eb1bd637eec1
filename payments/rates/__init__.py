"""The price of a bitcoin: a fixed one, or a live one that is fetched in the background, stored, and refused once it is stale."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import structlog
from django.conf import settings

from cryptons import clock, freshness
from cryptons.db import atomic
from cryptons.errors import RateUnavailable
from cryptons.money import price_in_satoshi
from payments.models import Rate
from payments.rates.sources import SOURCES

logger = structlog.get_logger(__name__)

_REMEMBERED_SECONDS = 5.0
_JUMP = Decimal(2)
_JUMP_WITHIN = timedelta(days=1)
_UNKNOWN = "The price of bitcoin is not known right now. Please try again in a few minutes."
_SANE = (Decimal("0.00000001"), Decimal(10) ** 15)


@dataclass(frozen=True, slots=True)
class Quote:
    """A price: fiat for one bitcoin, where it comes from, and from when it is."""

    price: Decimal
    source: str
    at: datetime

    @property
    def age(self) -> timedelta:
        """Return how old it is now; below zero where it was stored while the clock was wrong."""
        return clock.now() - self.at

    @property
    def is_fresh(self) -> bool:
        """Return whether it can be sold at. One from the future cannot: how old it is nobody knows."""
        return abs(self.age) <= settings.RATE_MAX_AGE


@dataclass(frozen=True, slots=True)
class ApproximatePrice:
    """About what a price is in coin: satoshi, and the time of the rate."""

    satoshi: int
    rate_at: datetime


# The stored price of each pair as this process read it last, until when that is remembered, and how everything stood before: a page of
# many products asks once.
_remembered: dict[str, tuple[float, str, Quote | None]] = {}


def current_quote(currency: str) -> Quote:
    """Return the price to sell at now.

    Reads the stored one; only where none was ever stored is the live source asked here. Raises RateUnavailable where the price
    is older than `RATE_MAX_AGE` or none can be had, in words for buyers; what the source said is the error's cause.
    """
    if settings.RATE_SOURCE == "fixed":
        return Quote(SOURCES["fixed"](currency), "fixed", clock.now())
    quote = _stored(currency)
    if quote is None:
        quote = _first(currency)
    if not quote.is_fresh:
        raise RateUnavailable(_UNKNOWN)
    return quote


def _first(currency: str) -> Quote:
    try:
        return fetch(currency)
    except RateUnavailable as error:
        logger.warning("rate_not_fetched", reason=error.message)
        raise RateUnavailable(_UNKNOWN) from error


def known_quote(currency: str) -> Quote | None:
    """Return the price to reckon with now, None where no fresh one is known. Never asks the live source."""
    now = clock.now()
    if settings.RATE_SOURCE == "fixed":
        freshness.true_until(now.replace(second=0, microsecond=0) + timedelta(minutes=1))  # pages tell the minute of it
        return Quote(SOURCES["fixed"](currency), "fixed", now)
    quote = _stored(currency)
    if quote is None or not quote.is_fresh:
        return None
    freshness.true_until(quote.at + settings.RATE_MAX_AGE)
    return quote


def newest_quote(currency: str) -> Quote | None:
    """Return the price that is kept at this moment, however old; None where there is none. Never asks the live source."""
    if settings.RATE_SOURCE == "fixed":
        return Quote(SOURCES["fixed"](currency), "fixed", clock.now())
    return _kept(currency)


def reckoner(currency: str) -> Callable[[Decimal], ApproximatePrice] | None:
    """Return what says of amounts about what they are in bitcoin, None where no fresh price is known. Never asks the live source."""
    quote = known_quote(currency)
    if quote is None:
        return None
    price, at = quote.price, quote.at
    return lambda amount: ApproximatePrice(price_in_satoshi(amount, price), at)


def approximate(amount: Decimal, currency: str) -> ApproximatePrice | None:
    """Return about what `amount` is in bitcoin, None where no fresh price is known. Never asks the live source."""
    reckon = reckoner(currency)
    return reckon(amount) if reckon else None


def refresh() -> None:
    """Fetch and store the live price of the store's currency; nothing to do for a fixed one. Raises RateUnavailable."""
    if settings.RATE_SOURCE != "fixed":
        fetch(settings.CURRENCY)


def fetch(currency: str) -> Quote:
    """Ask the live source, store what it says and return it. Raises RateUnavailable, also for a price that cannot be true."""
    source = settings.RATE_SOURCE
    price = SOURCES[source](currency)
    at = clock.now()
    _refuse_nonsense(price, _row(currency), at)
    price = as_kept(price)
    with atomic():
        Rate.objects.update_or_create(
            pair=_pair(currency), defaults={"price": price, "source": source, "fetched_at": at}
        )
        freshness.changed(freshness.RATES)
    _remembered.pop(_pair(currency), None)
    return Quote(price, source, at)


def as_kept(price: Decimal) -> Decimal:
    """Return the price of a coin as the columns have it, with eight places."""
    return price.quantize(Decimal("0.00000001"))


def forget() -> None:
    """Forget what this process remembers of stored prices."""
    _remembered.clear()


def _refuse_nonsense(price: Decimal, last: Rate | None, now: datetime) -> None:
    """Refuse what is no price, and one that doubled or halved within a day: the store would rather pause than sell at it."""
    low, high = _SANE
    if not price.is_finite() or not low <= price <= high:
        raise RateUnavailable(f"{settings.RATE_SOURCE} told a price that is none: {price}")
    if last is None or now - last.fetched_at > _JUMP_WITHIN:
        return
    if not last.price / _JUMP <= price <= last.price * _JUMP:
        logger.error("rate_jump_refused", source=settings.RATE_SOURCE, before=str(last.price), told=str(price))
        raise RateUnavailable(
            f"{settings.RATE_SOURCE} told {price} after {last.price}; a jump like that is not believed."
        )


def _stored(currency: str) -> Quote | None:
    pair = _pair(currency)
    version = freshness.state()
    until, known, quote = _remembered.get(pair, (0.0, "", None))
    if not version or known != str(version) or time.monotonic() > until:
        quote = _kept(currency)
        _remembered[pair] = (time.monotonic() + _REMEMBERED_SECONDS, str(version), quote)
    return quote


def _kept(currency: str) -> Quote | None:
    row = _row(currency)
    return Quote(row.price, row.source, row.fetched_at) if row else None


def _row(currency: str) -> Rate | None:
    return Rate.objects.filter(pair=_pair(currency)).first()


def _pair(currency: str) -> str:
    return f"BTC/{currency}"
