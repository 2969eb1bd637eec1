"""How sales went over time, read from the sums of days and remembered for a minute."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import cast

from django.conf import settings
from django.core.cache import cache

from cryptons import clock
from cryptons.dashboard.periods import Period, Span, beginning, span
from cryptons.dashboard.stats import REMEMBERED
from cryptons.money import fiat
from orders.reports import Sold, SoldProduct, best_products, sold_by_coin, sold_by_day, sold_by_method

BEST = 10
"""How many products are named."""


@dataclass(frozen=True, slots=True)
class Point:
    """One period: its first day, when that began (UTC), and what was sold in it. `average` is 0 where nothing was."""

    day: date
    start: datetime
    revenue: Decimal
    orders: int
    average: Decimal


@dataclass(frozen=True, slots=True)
class Analytics:
    """Sales from `start` to `end` (UTC, both within), whole periods without a gap, in `currency`.

    Orders count that are paid and not cancelled, in the period in which they were placed, as in `stats`.
    """

    span: Span
    start: datetime
    end: datetime
    currency: str
    series: list[Point]
    by_coin: dict[str, Sold]
    by_method: dict[str, Sold]
    best: list[SoldProduct]

    @property
    def total(self) -> Sold:
        """Return the sum of all periods."""
        return _sum([Sold(point.orders, point.revenue) for point in self.series])

    @property
    def average(self) -> Decimal:
        """Return the average order of all periods."""
        return _average(self.total)


def analytics(*, period: Period, since: date | None = None, until: date | None = None) -> Analytics:
    """Return the figures of at most a minute ago. Raises InvalidInput as `cryptons.dashboard.periods.span` does."""
    wanted = span(period=period, since=since, until=until)
    key = f"dashboard:analytics:{settings.CURRENCY}:{settings.TIME_ZONE}:{period}:{wanted.first}:{wanted.last}"
    found = cache.get(key)
    if found is None:
        found = _read(wanted)
        cache.set(key, found, REMEMBERED)
    return cast("Analytics", found)


def _read(wanted: Span) -> Analytics:
    days = {"first": wanted.first, "last": wanted.last}
    return Analytics(
        span=wanted,
        start=clock.start_of(wanted.first),
        end=clock.start_of(wanted.last + timedelta(days=1)) - timedelta(microseconds=1),
        currency=settings.CURRENCY,
        series=_series(wanted, sold_by_day(**days)),
        by_coin=sold_by_coin(**days),
        by_method=sold_by_method(**days),
        best=best_products(**days, limit=BEST),
    )


def _series(wanted: Span, sold: Mapping[date, Sold]) -> list[Point]:
    parts: dict[date, list[Sold]] = {start: [] for start in wanted.starts()}
    for day, one in sold.items():
        parts[beginning(day, wanted.period)].append(one)
    return [_point(start, _sum(some)) for start, some in parts.items()]


def _point(start: date, sold: Sold) -> Point:
    return Point(start, clock.start_of(start), sold.revenue, sold.orders, _average(sold))


def _sum(parts: list[Sold]) -> Sold:
    revenue = sum((one.revenue for one in parts), Decimal(0))
    return Sold(sum(one.orders for one in parts), fiat(revenue, settings.CURRENCY))


def _average(sold: Sold) -> Decimal:
    return fiat(sold.revenue / sold.orders if sold.orders else 0, settings.CURRENCY)
