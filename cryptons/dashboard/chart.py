"""The figures as bars, in numbers that a template can draw. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cryptons.dashboard.analytics import Point
from cryptons.dashboard.periods import Period, Span, back, number_of

HEIGHT = 200
STEP = 10
"""Width of a bar with the gap beside it, in units of the drawing."""
_LABELS = 5
_NICE = [Decimal(one) for one in ("1", "1.5", "2", "3", "4", "5", "6", "8", "10")]


@dataclass(frozen=True, slots=True)
class Bar:
    """One period in the drawing, from its top left corner, and its name."""

    x: int
    y: int
    height: int
    point: Point
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of `width` by HEIGHT: the bars, the amounts at its lines from the top down, a few of the periods' names below."""

    width: int
    bars: list[Bar]
    amounts: list[Decimal]
    names: list[str]


def chart_of(series: Sequence[Point], period: Period) -> Chart:
    """Return the drawing of the revenue of each period."""
    top = round_up(max((point.revenue for point in series), default=Decimal(0)))
    bars = [_bar(number, point, top, period) for number, point in enumerate(series)]
    shown = sorted({round(index * (len(bars) - 1) / (_LABELS - 1)) for index in range(_LABELS)}) if bars else []
    names = [_shortly(bars[index].point.day, period) for index in shown]
    return Chart(len(bars) * STEP, bars, [top, top / 2, Decimal(0)], names)


def round_up(amount: Decimal) -> Decimal:
    """Return the next round number: 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15 and so on."""
    power = Decimal(1)
    while power * 10 < amount:
        power *= 10
    return power * next(nice for nice in _NICE if amount <= power * nice)


def name_of(day: date, period: Period) -> str:
    """Return the period that begins with `day`, for people."""
    if period == Period.YEAR:
        return str(day.year)
    if period == Period.MONTH:
        return f"{day:%b %Y}"
    return f"{day.day} {day:%b %Y}"


def _shortly(day: date, period: Period) -> str:
    return f"{day.day} {day:%b}" if period in {Period.DAY, Period.WEEK} else name_of(day, period)


def earlier(shown: Span) -> tuple[date, date]:
    """Return the first day of as many periods before those that are shown, and of the last of them."""
    number = number_of(shown.first, back(_after_last(shown), shown.period, 1), shown.period)
    return back(shown.first, shown.period, number), back(shown.first, shown.period, 1)


def later(shown: Span) -> tuple[date, date]:
    """Return the same of the periods after those that are shown."""
    number = number_of(shown.first, back(_after_last(shown), shown.period, 1), shown.period)
    first = _after_last(shown)
    return first, back(first, shown.period, 1 - number)


def _after_last(shown: Span) -> date:
    return date.fromordinal(shown.last.toordinal() + 1)


def _bar(number: int, point: Point, top: Decimal, period: Period) -> Bar:
    height = int((point.revenue * HEIGHT / top).to_integral_value())
    return Bar(number * STEP, HEIGHT - height, height, point, name_of(point.day, period))
