"""The store's figures at a glance: added up by the database, remembered for a minute."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import cast

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Q

from accounts.models import User
from cryptons import clock
from orders.models import Order
from orders.reports import revenue_since
from orders.status import OrderStatus
from shop.models import Product
from shop.stock import FEW

REMEMBERED = 60
"""Seconds."""
_MOST_LOW = 50


@dataclass(frozen=True, slots=True)
class LowProduct:
    """A product of which few are left."""

    id: str
    name: str
    sku: str
    stock: int


@dataclass(frozen=True, slots=True)
class Stats:
    """The figures. Revenue is what orders that are paid and not cancelled cost, by the day they were placed, in `currency`.

    Days are those of the store's time zone (TIME_ZONE); 30 days are today and the 29 before. `low_stock` names products on sale
    that have five pieces or fewer, the scarcest first, 50 at most. `need_attention` counts orders with a word for the staff.
    """

    currency: str
    revenue_total: Decimal
    revenue_today: Decimal
    revenue_30_days: Decimal
    orders_total: int
    orders_by_status: dict[str, int]
    users_total: int
    users_new: int
    products_total: int
    low_stock: list[LowProduct]
    need_attention: int


def stats() -> Stats:
    """Return the figures of at most a minute ago."""
    key = f"dashboard:stats:{settings.CURRENCY}"
    found = cache.get(key)
    if found is None:
        found = _count(clock.now())
        cache.set(key, found, REMEMBERED)
    return cast("Stats", found)


def _count(now: datetime) -> Stats:
    today = clock.day_of(now)
    month = today - timedelta(days=29)
    revenue = revenue_since(days={"today": today, "month": month})
    # One status after the other: no query looks at all orders. One that moves meanwhile may be counted under both or under neither, and so
    # be twice or not at all in the total, until this is counted anew.
    by_status = {status: Order.objects.filter(status=status).count() for status in OrderStatus.values}
    users = User.objects.filter(is_active=True).aggregate(
        total=Count("*"), new=Count("created_at", filter=Q(created_at__gte=clock.start_of(month)))
    )
    return Stats(
        currency=settings.CURRENCY,
        revenue_total=revenue["ever"],
        revenue_today=revenue["today"],
        revenue_30_days=revenue["month"],
        orders_total=sum(by_status.values()),
        orders_by_status=by_status,
        users_total=users["total"],
        users_new=users["new"],
        products_total=Product.objects.filter(is_visible=True).count(),
        low_stock=_low_stock(),
        need_attention=Order.objects.filter(attention__gt="").count(),
    )


def _low_stock() -> list[LowProduct]:
    rows = Product.objects.filter(is_visible=True, stock__lte=FEW).order_by("stock", "name", "pk")
    few = rows.values_list("pk", "name", "sku", "stock")[:_MOST_LOW]
    return [LowProduct(str(key), name, sku, stock) for key, name, sku, stock in few]
