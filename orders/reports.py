"""What was earned, read from the sums of days (`orders.services.adding_up`): quick however many orders there are.

Revenue is what orders cost that are paid and not cancelled, by the day on which they were placed. Days are those of the store's time
zone. The sums follow the orders within seconds, as long as a worker runs.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, Sum

from cryptons.money import fiat
from orders.models import SLOTS, DaySales, ProductSales
from shop.models import Product


@dataclass(frozen=True, slots=True)
class Sold:
    """How many orders, and what they brought, in the store's currency."""

    orders: int
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class SoldProduct:
    """How many pieces of a product were sold, and what they brought, in the store's currency."""

    id: UUID
    name: str
    quantity: int
    revenue: Decimal


def revenue_since(*, days: dict[str, date]) -> dict[str, Decimal]:
    """Return, by the names of `days`, what was earned since each of them, in one query; "ever" is all of it."""
    asked = {name: Sum("revenue", filter=Q(day__gte=day)) for name, day in days.items()}
    found = DaySales.objects.filter(currency=settings.CURRENCY).aggregate(ever=Sum("revenue"), **asked)
    return {name: _money(sum_) for name, sum_ in found.items()}


def sold_by_day(*, first: date, last: date) -> dict[date, Sold]:
    """Return what was sold on each day from `first` to `last`, both within; days without a sale are left out."""
    return dict(_grouped(first, last, "day"))


def sold_by_coin(*, first: date, last: date) -> dict[str, Sold]:
    """Return what was sold by the coin of the payment, the most revenue first."""
    return dict(_grouped(first, last, "coin"))


def sold_by_method(*, first: date, last: date) -> dict[str, Sold]:
    """Return what was sold by the way on which the money came ("onchain"), the most revenue first."""
    return dict(_grouped(first, last, "method"))


def best_products(*, first: date, last: date, limit: int) -> list[SoldProduct]:
    """Return the products with the most revenue from `first` to `last`. Asks for one share of the products at a time."""
    found = [row for slot in range(SLOTS) for row in _best_of(slot, first, last, limit)]
    best = sorted(found, key=lambda row: (-row["brought"], -row["pieces"], row["product_id"]))[:limit]
    names = dict(Product.objects.filter(pk__in=[row["product_id"] for row in best]).values_list("pk", "name"))
    return [
        SoldProduct(row["product_id"], names[row["product_id"]], row["pieces"], _money(row["brought"]))
        for row in best
        if row["product_id"] in names
    ]


def _grouped(first: date, last: date, column: str) -> Iterator[tuple[Any, Sold]]:
    rows = DaySales.objects.filter(currency=settings.CURRENCY, day__gte=first, day__lte=last)
    if column != "day":
        rows = rows.exclude(**{column: ""})
    sums = rows.values_list(column).annotate(Sum("orders"), brought=Sum("revenue")).order_by("-brought", column)
    for value, orders, revenue in sums:
        yield value, Sold(orders, _money(revenue))


def _best_of(slot: int, first: date, last: date, limit: int) -> Iterable[Mapping[str, Any]]:
    rows = ProductSales.objects.filter(slot=slot, currency=settings.CURRENCY, day__gte=first, day__lte=last)
    sums = rows.order_by().values("product_id").annotate(pieces=Sum("quantity"), brought=Sum("revenue"))
    return sums.order_by("-brought", "-pieces", "product_id")[:limit]


def _money(thousandths: int | None) -> Decimal:
    return fiat(Decimal(thousandths or 0) / 1000, settings.CURRENCY)
