"""What /admin answers."""

from typing import Any

from cryptons.api.fields import Number, Shape, Text, Whole
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
    told = {
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
    return dict(StatsShape(told).data)
