"""Periods of the store's calendar: whole days, weeks from Monday (ISO 8601), months and years in TIME_ZONE. Pure, no database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models

from cryptons import clock
from cryptons.errors import InvalidInput

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


class Period(models.TextChoices):
    """How long one point of a series is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


SHOWN = {Period.DAY: 30, Period.WEEK: 12, Period.MONTH: 12, Period.YEAR: 5}
"""How many periods are shown where nobody says from when."""
MOST = {Period.DAY: 400, Period.WEEK: 260, Period.MONTH: 240, Period.YEAR: 50}
"""How many periods can be asked for at once."""


@dataclass(frozen=True, slots=True)
class Span:
    """Whole periods in a row: the first day of the first one, the last day of the last one."""

    period: Period
    first: date
    last: date

    def starts(self) -> Iterator[date]:
        """Yield the first day of each period."""
        day = self.first
        while day <= self.last:
            yield day
            day = after(day, self.period)


def span(*, period: Period, since: date | None, until: date | None) -> Span:
    """Return the periods that hold the days from `since` to `until`, both within, widened to whole periods.

    Without `until` they end with the present one, without `since` there are SHOWN of them. Raises InvalidInput by the names "from" and
    "to" where they are the wrong way round, more than MOST, or outside of the years 2000 to 2199.
    """
    for name, day in (("from", since), ("to", until)):
        if day is not None and not EARLIEST <= day <= LATEST:
            raise _refused(name, "Give a day of the years 2000 to 2199.")
    until = until or max(clock.day_of(clock.now()), since or EARLIEST)
    last = beginning(until, period)
    first = beginning(since, period) if since else back(last, period, SHOWN[period] - 1)
    if since and since > until:
        raise _refused("from", "This is after “to”.")
    if number_of(first, last, period) > MOST[period]:
        raise _refused("from", f"At most {MOST[period]} periods of one {period.value} can be shown at once.")
    return Span(period, first, after(last, period) - timedelta(days=1))


def beginning(day: date, period: Period) -> date:
    """Return the first day of the period that `day` is in."""
    if period == Period.WEEK:
        return day - timedelta(days=day.weekday())
    if period == Period.MONTH:
        return day.replace(day=1)
    return day.replace(month=1, day=1) if period == Period.YEAR else day


def after(start: date, period: Period) -> date:
    """Return the first day of the period after the one that begins with `start`."""
    return back(start, period, -1)


def back(start: date, period: Period, number: int) -> date:
    """Return the first day of the period so many before the one that begins with `start`."""
    if period in {Period.DAY, Period.WEEK}:
        return start - timedelta(days=number * (7 if period == Period.WEEK else 1))
    months = start.year * 12 + start.month - 1 - number * (12 if period == Period.YEAR else 1)
    return date(months // 12, months % 12 + 1, 1)


def number_of(first: date, last: date, period: Period) -> int:
    """Return how many periods there are from the one that begins with `first` to the one that begins with `last`."""
    if period in {Period.DAY, Period.WEEK}:
        return (last - first).days // (7 if period == Period.WEEK else 1) + 1
    months = (last.year - first.year) * 12 + last.month - first.month
    return months // (12 if period == Period.YEAR else 1) + 1


def _refused(name: str, message: str) -> InvalidInput:
    return InvalidInput("Please check the days.", details=[{"field": name, "message": message}])
