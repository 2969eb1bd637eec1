"""Adding up what was earned, day by day, so that figures over years need no look at every order.

The move that makes an order count writes a mark for its day, in the same transaction. A worker takes the days that are marked and adds
each up from its orders; nothing is ever added to an old sum, so doing it again does no harm and mends what was wrong.

Of two that add up one day at once, one wins: a round deletes exactly the marks that it read before it looked at the orders, and where
one of them is gone it writes nothing. An order that moves meanwhile leaves a mark that no round under way has read.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Count, Exists, Max, Min, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from cryptons import clock
from cryptons.db import atomic
from orders.models import SLOTS, DaySales, Order, OrderLine, OrderPayment, ProductSales, SalesMark
from orders.status import PAID
from payments.ledger import ALIVE
from payments.models import PaymentOption, Transfer

_DAYS_AT_ONCE = 40
_TRIES = 5
_BATCH = 500


class _OvertakenError(Exception):
    """Somebody else added up the same day meanwhile."""


@dataclass(frozen=True, slots=True)
class Recount:
    """How many days were added up anew, and which of them had been wrong."""

    days: int
    wrong: list[date]


def add_up_sales() -> int:
    """Add up the days that are marked, at most 40, the latest first; return how many were. Safe any number of times at once."""
    if not SalesMark.objects.exists() and DaySales.objects.exclude(zone=settings.TIME_ZONE).exists():
        # The store has moved to another time zone: its days begin at other moments.
        _mark_all()
    days = SalesMark.objects.order_by("-day").values_list("day", flat=True).distinct()[:_DAYS_AT_ONCE]
    return sum(_add_up(day) is not None for day in days)


def recount_sales(*, repair: bool = True) -> Recount:
    """Add up every day anew from its orders and compare it with what stood there; without `repair` nothing is written.

    A day that was waiting to be added up is not called wrong.
    """
    waiting = set(SalesMark.objects.values_list("day", flat=True).distinct())
    wrong: list[date] = []
    number = 0
    for day in _all_days():
        number += 1
        if repair:
            differed = next((found for _ in range(_TRIES) if (found := _add_up_unmarked(day)) is not None), False)
        else:
            differed = _stored(day) != _sums(day)
        if differed and day not in waiting:
            wrong.append(day)
    return Recount(number, wrong)


def _mark_all() -> None:
    SalesMark.objects.bulk_create([SalesMark(day=day) for day in _all_days()])


def _all_days() -> Iterator[date]:
    """Yield each day from the first to the last that has orders or sums, one more at both ends for another zone's."""
    placed = Order.objects.aggregate(first=Min("created_at"), last=Max("created_at"))
    stored = DaySales.objects.aggregate(first=Min("day"), last=Max("day"))
    ends = [clock.day_of(moment) for moment in placed.values() if moment] + [day for day in stored.values() if day]
    if ends:
        first, last = min(ends) - timedelta(days=1), max(ends) + timedelta(days=1)
        yield from (first + timedelta(days=number) for number in range((last - first).days + 1))


def _add_up_unmarked(day: date) -> bool | None:
    SalesMark.objects.create(day=day)
    return _add_up(day)


def _add_up(day: date) -> bool | None:
    """Write the day's sums; return whether others stood there, None where somebody else added the day up meanwhile."""
    marks = list(SalesMark.objects.filter(day=day).values_list("pk", flat=True))
    if not marks:
        return None  # with none to take, nobody could overtake this round, however old its sums were when it wrote them
    sums, stored = _sums(day), _stored(day)
    try:
        with atomic():
            _take(marks)
            if sums != stored:
                _replace(day, stored, sums)
    except (_OvertakenError, IntegrityError):
        return None
    return sums != stored


def _take(marks: list[UUID]) -> None:
    for keys in _batches(marks):
        taken, _ = SalesMark.objects.filter(pk__in=keys).delete()
        if taken != len(keys):
            raise _OvertakenError


def _batches(keys: list[UUID]) -> Iterator[list[UUID]]:
    """Return the keys in shares of the size that every database takes in one question."""
    return (keys[start : start + _BATCH] for start in range(0, len(keys), _BATCH))


def _replace(day: date, stored: "_Sums", sums: "_Sums") -> None:
    """Write what differs: of the many products of a day, an order changes few."""
    DaySales.objects.filter(day=day).delete()
    DaySales.objects.bulk_create([DaySales(day=day, **dict(row)) for row in sums.totals])
    gone = list({dict(row)["product_id"] for row in stored.products - sums.products})
    for keys in _batches(gone):
        ProductSales.objects.filter(day=day, product_id__in=keys).delete()
    # One product may be sold in several currencies; all its rows went.
    lost = set(gone)
    again = [row for row in sums.products if row not in stored.products or dict(row)["product_id"] in lost]
    ProductSales.objects.bulk_create([ProductSales(day=day, **dict(row)) for row in again], batch_size=_BATCH)


_Row = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class _Sums:
    """A day's rows of both tables, without the day."""

    totals: frozenset[_Row]
    products: frozenset[_Row]


def _stored(day: date) -> _Sums:
    totals = DaySales.objects.filter(day=day).values("zone", "currency", "coin", "method", "orders", "revenue")
    products = ProductSales.objects.filter(day=day).values("slot", "currency", "product_id", "quantity", "revenue")
    return _Sums(_rows(totals), _rows(products))


def _sums(day: date) -> _Sums:
    """Add the day up from its orders, in two queries."""
    counted = counting(Order.objects.order_by()).filter(
        created_at__gte=clock.start_of(day), created_at__lt=clock.start_of(day + timedelta(days=1))
    )
    return _Sums(_rows(map(_total, _by_payment(counted))), _rows(map(_product, _by_product(counted))))


def counting(orders: "QuerySet[Order, Order]") -> "QuerySet[Order, Order]":
    """Return those of `orders` that count as sold, at their total: paid, overpaid included, and not cancelled. The one rule for it."""
    return orders.filter(status__in=PAID)


def _by_payment(counted: "QuerySet[Order, Order]") -> Iterable[Mapping[str, Any]]:
    """Return orders and totals by currency, coin, and the way by which the first money came."""
    newest = OrderPayment.objects.filter(order=OuterRef("pk")).order_by("-created_at").values("payment__coin")
    came = Transfer.objects.filter(payment=OuterRef("payment"), address=OuterRef("address"), state__in=ALIVE)
    paid = PaymentOption.objects.filter(Exists(came), payment__order_link__order=OuterRef("pk")).order_by("created_at")
    rows = counted.annotate(
        coin=Coalesce(Subquery(newest[:1]), Value("")), method=Coalesce(Subquery(paid.values("method")[:1]), Value(""))
    )
    return rows.values("currency", "coin", "method").annotate(number=Count("pk"), sum=Sum("total"))


def _by_product(counted: "QuerySet[Order, Order]") -> Iterable[Mapping[str, Any]]:
    lines = OrderLine.objects.filter(order__in=counted, product__isnull=False).order_by()
    return lines.values("order__currency", "product_id").annotate(pieces=Sum("quantity"), sum=Sum("line_total"))


def _total(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "zone": settings.TIME_ZONE,
        "currency": row["currency"],
        "coin": row["coin"],
        "method": row["method"],
        "orders": row["number"],
        "revenue": _thousandths(row["sum"]),
    }


def _product(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "slot": row["product_id"].int % SLOTS,
        "currency": row["order__currency"],
        "product_id": row["product_id"],
        "quantity": row["pieces"],
        "revenue": _thousandths(row["sum"]),
    }


def _rows(rows: Any) -> frozenset[_Row]:
    return frozenset(tuple(sorted(row.items())) for row in rows)


def _thousandths(amount: Decimal) -> int:
    return int((amount * 1000).to_integral_value())
