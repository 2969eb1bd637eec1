"""How the products of a list are divided: by category, price and rating, counted by the database.

Rows are counted and not their keys, so that the index over visibility, price and rating answers for the whole shop without the table.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Count, Max, Min, Q, QuerySet, Value, When

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
    """Return how the products in `parts`, which together are what `filters` ask for, are divided: two queries for each part."""
    found = [row for part in parts for row in _summed(part)]
    if not found:
        return Facets(0, [], [], [RatingCount(least, 0) for least in STARS], 0)
    direct: Counter[UUID] = Counter()
    for category, count, *_ in found:
        direct[category] += count
    wanted = bands(min(low for _, _, _, low, _ in found), max(high for *_, high in found))
    prices, stars = _divided(parts, wanted)
    counted = ((low, high, prices[place]) for place, (low, high) in enumerate(wanted))
    ratings = [RatingCount(least, sum(stars[more] for more in STARS if more >= least)) for least in STARS]
    in_stock = sum(stocked for _, _, stocked, _, _ in found)
    return Facets(direct.total(), _categories(direct, tree), merged(counted, filters), ratings, in_stock)


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


def _summed(part: "QuerySet[Product, Product]") -> Iterable[tuple[UUID, int, int, Decimal, Decimal]]:
    """Return each category's key, how many are in it, how many of them in stock, the lowest price and the highest."""
    stocked = Count("stock", filter=Q(stock__gt=0))
    return part.values_list("category_id").annotate(
        count=Count("*"), stocked=stocked, low=Min("price"), high=Max("price")
    )


def _divided(
    parts: "Sequence[QuerySet[Product, Product]]", wanted: Sequence[tuple[Decimal, Decimal]]
) -> tuple[Counter[int], Counter[int]]:
    """Return how many are in each of the `wanted` bands, by its place, and how many have each number of whole stars."""
    whole = Case(*(When(rating__gte=stars, then=Value(stars)) for stars in STARS), default=Value(0))
    prices: Counter[int] = Counter()
    ratings: Counter[int] = Counter()
    for part in parts:
        for place, stars, count in part.values_list(_place(wanted, 0), whole).annotate(count=Count("*")):
            prices[place] += count
            ratings[stars] += count
    return prices, ratings


def _place(wanted: Sequence[tuple[Decimal, Decimal]], first: int) -> Case:
    """Return which of the bands a price is in, counted from `first`, null for none: each comparison rules out half of them."""
    middle = len(wanted) // 2
    if middle == 0:
        low, high = wanted[0]
        return Case(When(price__gte=low, price__lte=high, then=Value(first)))
    below = When(price__lt=wanted[middle][0], then=_place(wanted[:middle], first))
    return Case(below, default=_place(wanted[middle:], first + middle))


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
