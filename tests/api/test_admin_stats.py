"""GET /api/admin/stats."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from orders.services import recount_sales
from tests.api.moments import at_this_moment
from tests.factories import OrderFactory, ProductFactory, UserFactory

NOW = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)


@pytest.fixture
def now(monkeypatch, settings):
    """Half past one in the morning of 1 April in Lisbon's summer is still 31 March in UTC."""
    settings.TIME_ZONE = "Europe/Lisbon"
    monkeypatch.setattr("cryptons.dashboard.stats.clock", at_this_moment(NOW))


def at(*parts):
    return datetime(2026, *parts, tzinfo=UTC)


def test_it_adds_up_what_was_paid_by_the_days_of_the_store(api, staff_in, now, settings):
    reader = api.as_(staff_in("Reports"))
    OrderFactory(status="processing", total=Decimal("10.10"), created_at=at(3, 31, 23, 0))
    OrderFactory(status="delivered", total=Decimal("20.20"), created_at=at(3, 31, 22, 59))
    OrderFactory(status="shipped", total=Decimal("40.40"), created_at=at(3, 3, 0, 0))
    OrderFactory(status="shipped", total=Decimal("80.80"), created_at=at(3, 2, 23, 59))
    OrderFactory(status="pending", total=500, created_at=NOW)
    OrderFactory(status="cancelled", total=500, created_at=NOW, attention="Money came for a cancelled order.")
    OrderFactory(status="processing", total=500, currency="USD", created_at=NOW)
    recount_sales()
    shown = reader.get("/admin/stats").data
    assert list(shown) == ["revenue", "orders", "users", "products", "payments"]
    assert shown["revenue"] == {
        "total": Decimal("151.50"),
        "today": Decimal("10.10"),
        "last30Days": Decimal("70.70"),
        "currency": "EUR",
    }
    assert shown["orders"] == {
        "total": 7,
        "byStatus": {"pending": 1, "processing": 2, "shipped": 2, "delivered": 1, "cancelled": 1},
    }
    assert shown["payments"] == {"needAttention": 1}


def test_it_counts_people_and_names_what_runs_out(api, staff, now):
    UserFactory(is_active=False)
    old = UserFactory()
    type(old).objects.filter(pk=old.pk).update(created_at=at(3, 2))
    ProductFactory(stock=6)
    gone, few = ProductFactory(stock=0), ProductFactory(stock=5)
    ProductFactory(stock=0, is_visible=False)
    shown = api.as_(staff).get("/admin/stats").data
    assert shown["users"] == {"total": 2, "new30Days": 1}
    assert shown["products"]["total"] == 3
    assert shown["products"]["lowStock"] == [
        {"id": str(one.pk), "name": one.name, "sku": one.sku, "stock": one.stock} for one in (gone, few)
    ]


def test_an_empty_store_has_figures_too(api, staff):
    shown = api.as_(staff).get("/admin/stats").data
    assert (shown["revenue"]["total"], shown["orders"]["total"], shown["products"]) == (
        0,
        0,
        {"total": 0, "lowStock": []},
    )


def test_it_is_remembered_for_a_minute_and_then_asks_only_who_is_there(api, staff, django_assert_max_num_queries):
    reader = api.as_(staff)
    reader.get("/admin/stats")
    OrderFactory()
    with django_assert_max_num_queries(1):
        assert reader.get("/admin/stats").data["orders"]["total"] == 0


def test_only_who_may_read_reports_sees_it(api, user, staff_in):
    assert api.get("/admin/stats").status == 401
    for person in (user, staff_in("Orders"), staff_in("Catalogue"), staff_in()):
        answer = api.as_(person).get("/admin/stats")
        assert (answer.status, answer.code) == (403, "FORBIDDEN")
