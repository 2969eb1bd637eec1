"""What /admin answers."""

from typing import Any

from cryptons.api.fields import Choice, Moment, Number, Query, Shape, Text, Whole, told
from cryptons.dashboard.analytics import Analytics
from cryptons.dashboard.days import Day
from cryptons.dashboard.periods import Period
from cryptons.dashboard.stats import Stats
from orders.status import OrderStatus


class RevenueShape(Shape):
    """What was earned."""

    total = Number(max_digits=18)
    today = Number(max_digits=18)
    last30_days = Number(max_digits=18)
    currency = Text()


class StatusCountsShape(Shape):
    """How many orders stand where."""

    pending = Whole()
    processing = Whole()
    shipped = Whole()
    delivered = Whole()
    cancelled = Whole()


class OrdersShape(Shape):
    """How many orders there are."""

    total = Whole()
    by_status = StatusCountsShape()


class UsersShape(Shape):
    """How many people have an account."""

    total = Whole()
    new30_days = Whole()


class LowProductShape(Shape):
    """A product of which few are left."""

    id = Text()
    name = Text()
    sku = Text()
    stock = Whole()


class ProductsShape(Shape):
    """What is on sale."""

    total = Whole()
    low_stock = LowProductShape(many=True)


class AttentionShape(Shape):
    """What a person has to look at."""

    need_attention = Whole()


class StatsShape(Shape):
    """The store's figures."""

    example = {
        "revenue": {"total": 48210.5, "today": 312, "last30Days": 9120.4, "currency": "EUR"},
        "orders": {
            "total": 640,
            "byStatus": {"pending": 4, "processing": 7, "shipped": 12, "delivered": 590, "cancelled": 27},
        },
        "users": {"total": 412, "new30Days": 23},
        "products": {
            "total": 96,
            "lowStock": [
                {"id": "01980b6e-0000-7000-8000-000000000001", "name": "Copper kettle", "sku": "KET-1", "stock": 2}
            ],
        },
        "payments": {"needAttention": 1},
    }

    revenue = RevenueShape()
    orders = OrdersShape()
    users = UsersShape()
    products = ProductsShape()
    payments = AttentionShape()


def stats_data(stats: Stats) -> dict[str, Any]:
    """Return the figures as the API shows them."""
    figures = {
        "revenue": {
            "total": stats.revenue_total,
            "today": stats.revenue_today,
            "last30_days": stats.revenue_30_days,
            "currency": stats.currency,
        },
        "orders": {
            "total": stats.orders_total,
            "by_status": {status: stats.orders_by_status[status] for status in OrderStatus.values},
        },
        "users": {"total": stats.users_total, "new30_days": stats.users_new},
        "products": {"total": stats.products_total, "low_stock": stats.low_stock},
        "payments": {"need_attention": stats.need_attention},
    }
    return told(StatsShape, figures)


class AnalyticsQuery(Query):
    """Which sales are asked for. `from` and `to` are days of the store (or moments in them), both within, widened to whole periods."""

    period = Choice(Period.choices, required=False, default=Period.DAY)
    since = Day(required=False)
    until = Day(required=False)

    def get_fields(self) -> dict[str, Any]:
        """Return the fields; `from` is no name in Python."""
        fields = super().get_fields()
        for inside, sent in (("since", "from"), ("until", "to")):
            fields[sent] = fields.pop(inside)
            fields[sent].source = inside
        return fields


class PointShape(Shape):
    """One period."""

    start = Moment()
    revenue = Number(max_digits=18)
    orders = Whole()
    average_order = Number(max_digits=18, source="average")


class CoinShape(Shape):
    """What was paid in one coin."""

    cryptocurrency = Text()
    orders = Whole()
    revenue = Number(max_digits=18)


class MethodShape(Shape):
    """What was paid in one way."""

    method = Text()
    orders = Whole()
    revenue = Number(max_digits=18)


class BestProductShape(Shape):
    """A product, and how much of it was sold."""

    product_id = Text(source="id")
    name = Text()
    quantity = Whole()
    revenue = Number(max_digits=18)


class AnalyticsShape(Shape):
    """How sales went over time."""

    period = Choice(Period.choices)
    start = Moment()
    end = Moment()
    currency = Text()
    series = PointShape(many=True)
    by_cryptocurrency = CoinShape(many=True)
    by_method = MethodShape(many=True)
    top_products = BestProductShape(many=True)

    example = {
        "period": "day",
        "from": "2026-03-28T00:00:00Z",
        "to": "2026-03-29T22:59:59.999999Z",
        "currency": "EUR",
        "series": [
            {"start": "2026-03-28T00:00:00Z", "revenue": 312, "orders": 4, "averageOrder": 78},
            {"start": "2026-03-29T00:00:00Z", "revenue": 0, "orders": 0, "averageOrder": 0},
        ],
        "byCryptocurrency": [{"cryptocurrency": "BTC", "orders": 4, "revenue": 312}],
        "byMethod": [{"method": "onchain", "orders": 4, "revenue": 312}],
        "topProducts": [
            {
                "productId": "01980b6e-0000-7000-8000-000000000001",
                "name": "Copper kettle",
                "quantity": 2,
                "revenue": 178,
            }
        ],
    }

    def get_fields(self) -> dict[str, Any]:
        """Return the fields; `from` is no name in Python."""
        fields = super().get_fields()
        renamed = {"start": "from", "end": "to"}
        for inside in renamed:
            fields[inside].source = inside
        return {renamed.get(name, name): field for name, field in fields.items()}


def analytics_data(found: Analytics) -> dict[str, Any]:
    """Return the figures as the API shows them."""
    figures = {
        "period": found.span.period,
        "start": found.start,
        "end": found.end,
        "currency": found.currency,
        "series": found.series,
        "by_cryptocurrency": [
            {"cryptocurrency": coin, "orders": sold.orders, "revenue": sold.revenue}
            for coin, sold in found.by_coin.items()
        ],
        "by_method": [
            {"method": method, "orders": sold.orders, "revenue": sold.revenue}
            for method, sold in found.by_method.items()
        ],
        "top_products": found.best,
    }
    return told(AnalyticsShape, figures)
