"""How the products of a list are divided: by category, price and rating, counted by the database.

Rows are counted and not their keys, so that an index answers without the table.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet

from cryptons.money import exponent, fiat
from shop.filters import Filters
from shop.models import Product
from shop.search.engine import STARS
from shop.tree import Node, Tree

BANDS = 5
"""About into how many price bands a list is divided."""
FEWEST, MOST = 3, 6
"""How many price bands that grow are wanted at least, and how many are told at most."""
_STEPS = (Decimal(1), Decimal("2.5"), Decimal(5))


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """How many products of the list are in a category and all below it."""

    id: UUID
    name: str
    slug: str
    count: int


@dataclass(frozen=True, slots=True)
class Band:
    """How many cost from `min` to `max`, both included."""

    min: Decimal
    max: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class RatingCount:
    """How many are rated `min` or better."""

    min: int
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """A list of `total` products, divided. Parts that are empty are left out, except of the ratings."""

    total: int
    categories: list[CategoryCount]
    prices: list[Band]
    ratings: list[RatingCount]
    in_stock: int


def facets_of(*, parts: "Sequence[QuerySet[Product, Product]]", filters: Filters, tree: Tree) -> Facets:
    """Return how the products in `parts`, which together are what `filters` ask for, are divided: three queries for each part.

    Each does one thing: one that did all of it would take longer than a page should wait for a query.
    """
    direct: Counter[UUID] = Counter()
    for part in parts:
        direct.update(dict(part.values_list("category_id").annotate(count=Count("*"))))
    if not direct:
        return _none()
    stars = {f"stars{least}": Count("rating", filter=Q(rating__gte=least)) for least in STARS}
    stock = {"in_stock": Count("stock", filter=Q(stock__gt=0))}
    found = [part.aggregate(low=Min("price"), high=Max("price"), **stars, **stock) for part in parts]
    ends = [price for sums in found for price in (sums["low"], sums["high"]) if price is not None]
    if not ends:
        return _none()  # whatever was counted was hidden or sold elsewhere between the two questions
    return Facets(
        direct.total(),
        _categories(direct, tree),
        _prices(parts, bands(min(ends), max(ends)), filters),
        [RatingCount(least, sum(sums[f"stars{least}"] for sums in found)) for least in STARS],
        sum(sums["in_stock"] for sums in found),
    )


def _none() -> Facets:
    return Facets(0, [], [], [RatingCount(least, 0) for least in STARS], 0)


def bands(low: Decimal, high: Decimal) -> list[tuple[Decimal, Decimal]]:
    """Return round price bands from `low` to `high`: each begins the currency's smallest unit above the end of the one before.

    They grow with the price (1, 2.50, 5, 10, 25 and so on), so that one dear product does not push all others into one band. Where that
    gives fewer than three they are equally wide.
    """
    unit = Decimal(1).scaleb(-exponent(settings.CURRENCY))
    edges = _growing(max(low, unit), high, unit)
    if len(edges) < FEWEST + 1:
        edges = _equal(low, high)
    return [
        (fiat(start, settings.CURRENCY), fiat(end - unit, settings.CURRENCY))
        for start, end in pairwise(edges)
        if start <= high
    ]


def merged(counted: Iterable[tuple[Decimal, Decimal, int]], filters: Filters) -> list[Band]:
    """Return at most MOST bands with something in each: neighbours that hold least become one.

    None goes past the prices that were chosen: only what is within was counted, and a band lists what it counts.
    """
    found = [_within(filters, *band) for band in counted if band[2]]
    while len(found) > MOST:
        place = min(range(len(found) - 1), key=lambda place: found[place].count + found[place + 1].count)
        left, right = found[place : place + 2]
        found[place : place + 2] = [Band(left.min, right.max, left.count + right.count)]
    return found


def _within(filters: Filters, low: Decimal, high: Decimal, count: int) -> Band:
    least = low if filters.low is None else max(low, filters.low)
    most = high if filters.high is None else min(high, filters.high)
    return Band(least, most, count)


def _equal(low: Decimal, high: Decimal) -> list[Decimal]:
    step = _round_up((high - low) / BANDS)
    start = low // step * step
    return [start + step * index for index in range(BANDS + 3)]


def _growing(low: Decimal, high: Decimal, unit: Decimal) -> list[Decimal]:
    """Return the round prices from the last that is not above `low` to the first above `high`."""
    powers = (Decimal(1).scaleb(power) for power in range(low.adjusted(), high.adjusted() + 2))
    steps = [power * step for power in powers for step in _STEPS if power * step % unit == 0]
    first = max(index for index, step in enumerate(steps) if step <= low)
    last = next(index for index, step in enumerate(steps) if step > high)
    return steps[first : last + 1]


def price_bands(low: int, high: int) -> list[tuple[int, int]]:
    """Return `bands` of prices in thousandths of the currency's unit, as search engines keep them."""
    found = bands(Decimal(low).scaleb(-3), Decimal(high).scaleb(-3))
    return [(int(start.scaleb(3)), int(end.scaleb(3))) for start, end in found]


def _round_up(width: Decimal) -> Decimal:
    """Return the next of 1, 2, 5, 10, 20, 50 and so on."""
    power = Decimal(1)
    while power * 10 < width:
        power *= 10
    factor = (width / power).to_integral_value(rounding=ROUND_CEILING)
    return power * next(nice for nice in (1, 2, 5, 10) if factor <= nice)


def _prices(
    parts: "Sequence[QuerySet[Product, Product]]", wanted: Sequence[tuple[Decimal, Decimal]], filters: Filters
) -> list[Band]:
    counts = {
        f"band{place}": Count("price", filter=Q(price__gte=low, price__lte=high))
        for place, (low, high) in enumerate(wanted)
    }
    found = [part.aggregate(**counts) for part in parts]
    counted = ((low, high, sum(sums[f"band{place}"] for sums in found)) for place, (low, high) in enumerate(wanted))
    return merged(counted, filters)


def _categories(direct: Mapping[UUID, int], tree: Tree) -> list[CategoryCount]:
    told = []
    for root in tree.roots:
        for node in root.walk():
            count = _below(node, direct)
            if count:
                told.append(CategoryCount(node.id, node.name, node.slug, count))
    return told


def _below(node: Node, direct: Mapping[UUID, int]) -> int:
    return sum(direct.get(key, 0) for key in node.ids())
