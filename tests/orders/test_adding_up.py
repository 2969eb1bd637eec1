"""What was earned, added up by days: right whatever happens to orders, and proven by adding up anew."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from cryptons import clock
from orders import reports, services
from orders.models import DaySales, Order, ProductSales, SalesMark
from orders.services import add_up_sales, recount_sales
from tests.factories import (
    OrderFactory,
    OrderLineFactory,
    OrderPaymentFactory,
    PaymentFactory,
    PaymentOptionFactory,
    ProductFactory,
    StaffFactory,
    TransferFactory,
)
from tests.orders.steps import place, tell

pytestmark = pytest.mark.django_db


def at(*parts):
    return datetime(2026, *parts, tzinfo=UTC)


def sold(first=date(2026, 1, 1), last=date(2026, 12, 31)):
    return {str(day): (one.orders, one.revenue) for day, one in reports.sold_by_day(first=first, last=last).items()}


def paid(total, moment, **given):
    """An order of so much that was paid on the chain."""
    order = OrderFactory(total=Decimal(total), created_at=moment, **{"status": "processing", **given})
    payment = PaymentFactory(status="settled", coin="BTC")
    OrderPaymentFactory(order=order, payment=payment)
    option = PaymentOptionFactory(payment=payment)
    TransferFactory(payment=payment, address=option.address, state="confirmed")
    return order


def test_an_order_counts_from_its_payment_until_it_is_cancelled():
    product = ProductFactory(price=Decimal("12.34"))
    today = clock.day_of(clock.now())
    order = place((product, 3))
    assert not SalesMark.objects.exists()
    tell(order, "settled", "overpaid", received=70_000)
    assert list(SalesMark.objects.values_list("day", flat=True)) == [today]
    assert add_up_sales() == 1
    assert reports.sold_by_day(first=today, last=today) == {today: reports.Sold(1, Decimal("37.02"))}
    best = reports.best_products(first=today, last=today, limit=10)
    assert best == [reports.SoldProduct(product.pk, product.name, 3, Decimal("37.02"))]
    services.ship(order_id=order.pk, actor=StaffFactory())
    assert not SalesMark.objects.exists()
    other = tell(place((product, 1)), "settled", received=100)
    services.cancel_order(order_id=other.pk, actor=StaffFactory())
    assert add_up_sales() == 1
    assert reports.sold_by_day(first=today, last=today)[today].orders == 1
    assert add_up_sales() == 0


def test_coin_and_way_are_those_of_the_money_that_came():
    paid("10.00", at(5, 1, 9))
    paid("20.00", at(5, 1, 10))
    by_hand = OrderFactory(status="shipped", total=5, created_at=at(5, 1, 11))
    OrderPaymentFactory(order=by_hand, payment=PaymentFactory(status="settled"))
    OrderFactory(status="shipped", total=7, created_at=at(5, 1, 11))
    recount_sales()
    span = {"first": date(2026, 5, 1), "last": date(2026, 5, 1)}
    assert sold() == {"2026-05-01": (4, Decimal("42.00"))}
    assert reports.sold_by_coin(**span) == {"BTC": reports.Sold(3, Decimal("35.00"))}
    assert reports.sold_by_method(**span) == {"onchain": reports.Sold(2, Decimal("30.00"))}


def test_of_several_payments_the_newest_tells_the_coin_and_no_order_counts_twice():
    order = paid("10.00", at(5, 1))
    OrderPaymentFactory(order=order, payment=PaymentFactory(status="expired"), created_at=at(4, 30))
    recount_sales()
    assert sold() == {"2026-05-01": (1, Decimal("10.00"))}


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Europe/Lisbon", at(3, 29, 0, 59), "2026-03-29"),
        ("Europe/Lisbon", at(3, 29, 22, 59), "2026-03-29"),
        ("Europe/Lisbon", at(3, 29, 23, 0), "2026-03-30"),
        ("Europe/Lisbon", at(10, 24, 23, 0), "2026-10-25"),
        ("Europe/Lisbon", at(10, 25, 23, 59), "2026-10-25"),
        ("America/New_York", at(3, 8, 4, 59), "2026-03-07"),
        ("America/New_York", at(3, 9, 3, 59), "2026-03-08"),
        ("America/New_York", at(3, 9, 4, 0), "2026-03-09"),
        ("America/New_York", at(11, 2, 4, 59), "2026-11-01"),
        ("Asia/Kathmandu", at(5, 1, 18, 14), "2026-05-01"),
        ("Asia/Kathmandu", at(5, 1, 18, 15), "2026-05-02"),
    ],
)
def test_an_order_belongs_to_the_day_of_the_store(settings, zone, moment, day):
    settings.TIME_ZONE = zone
    paid("10.00", moment)
    recount_sales()
    assert sold() == {day: (1, Decimal("10.00"))}


def test_a_store_that_moves_to_another_time_zone_adds_up_anew(settings):
    settings.TIME_ZONE = "Europe/Lisbon"
    yesterday = clock.start_of(clock.day_of(clock.now())) - timedelta(hours=1)
    paid("10.00", yesterday)
    recount_sales()
    settings.TIME_ZONE = "Asia/Tokyo"
    while add_up_sales():
        pass
    assert set(DaySales.objects.values_list("zone", "day")) == {("Asia/Tokyo", clock.day_of(yesterday))}


def test_the_best_products_bring_the_most_whatever_share_they_are_in():
    order = paid("500.00", at(5, 1))
    lines = [OrderLineFactory(order=order, quantity=1, product__price=number) for number in range(1, 31)]
    more = paid("60.00", at(5, 2))
    OrderLineFactory(order=more, product=lines[0].product, quantity=40, unit_price=1)
    waiting = OrderFactory(created_at=at(5, 1))
    OrderLineFactory(order=waiting, product=lines[1].product, quantity=1000)
    OrderLineFactory(order=more, product__price=999).product.delete()
    recount_sales()
    best = reports.best_products(first=date(2026, 5, 1), last=date(2026, 5, 2), limit=3)
    assert [(one.id, one.quantity, one.revenue) for one in best] == [
        (lines[0].product.pk, 41, Decimal("41.00")),
        (lines[29].product.pk, 1, Decimal("30.00")),
        (lines[28].product.pk, 1, Decimal("29.00")),
    ]
    only = reports.best_products(first=date(2026, 5, 2), last=date(2026, 5, 2), limit=3)
    assert [one.quantity for one in only] == [40]


def test_other_currencies_are_not_mixed_in(settings):
    paid("10.00", at(5, 1))
    paid("10.00", at(5, 1), currency="USD")
    recount_sales()
    assert sold() == {"2026-05-01": (1, Decimal("10.00"))}
    settings.CURRENCY = "JPY"
    paid("1000", at(5, 1), currency="JPY")
    recount_sales()
    assert str(sold()["2026-05-01"][1]) == "1000"


def test_who_is_overtaken_writes_nothing(monkeypatch):
    order = paid("10.00", at(5, 1))
    SalesMark.objects.create(day=date(2026, 5, 1))
    adding_up = import_module("orders.services.adding_up")
    count = adding_up._sums

    def overtaken(day):
        sums = count(day)
        monkeypatch.setattr(adding_up, "_sums", count)
        Order.objects.filter(pk=order.pk).update(total=F("total") + 1)
        SalesMark.objects.create(day=day)
        assert add_up_sales() == 1
        return sums

    monkeypatch.setattr(adding_up, "_sums", overtaken)
    assert add_up_sales() == 0
    assert sold() == {"2026-05-01": (1, Decimal("11.00"))}


def test_who_finds_no_mark_left_writes_nothing(monkeypatch):
    adding_up = import_module("orders.services.adding_up")
    paid("10.00", at(5, 1, 9))
    count, day = adding_up._sums, date(2026, 5, 1)

    def two_rounds_late(day):
        sums = count(day)
        monkeypatch.setattr(adding_up, "_sums", count)
        paid("20.00", at(5, 1, 10))
        SalesMark.objects.create(day=day)
        assert add_up_sales() == 1
        return sums

    SalesMark.objects.create(day=day)
    assert add_up_sales() == 1
    monkeypatch.setattr(adding_up, "_sums", two_rounds_late)
    adding_up._add_up(day)  # a round that saw the mark before another took it
    monkeypatch.setattr(adding_up, "_sums", count)
    assert not SalesMark.objects.exists()
    assert adding_up._stored(day) == count(day)


def test_a_day_with_very_many_marks_is_taken_in_batches_or_not_at_all(monkeypatch):
    adding_up = import_module("orders.services.adding_up")
    day = date(2026, 5, 1)
    paid("10.00", at(5, 1))
    marks = [SalesMark.objects.create(day=day).pk for _ in range(5)]
    monkeypatch.setattr(adding_up, "_BATCH", 2)
    count = adding_up._sums

    def overtaken_at_the_last_mark(day):
        SalesMark.objects.filter(pk=marks[-1]).delete()
        return count(day)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(adding_up, "_sums", overtaken_at_the_last_mark)
        assert add_up_sales() == 0
    assert (sold(), SalesMark.objects.count()) == ({}, 4)
    with CaptureQueriesContext(connection) as asked:
        assert add_up_sales() == 1
    deletes = [query["sql"] for query in asked if query["sql"].startswith('DELETE FROM "orders_salesmark"')]
    assert [sql.count(",") + 1 for sql in deletes] == [2, 2]
    assert (sold(), SalesMark.objects.count()) == ({"2026-05-01": (1, Decimal("10.00"))}, 0)


def test_a_mark_written_meanwhile_is_left_for_the_next_round(monkeypatch):
    order = paid("10.00", at(5, 1))
    SalesMark.objects.create(day=date(2026, 5, 1))
    adding_up = import_module("orders.services.adding_up")
    count = adding_up._sums

    def moved_meanwhile(day):
        sums = count(day)
        Order.objects.filter(pk=order.pk).update(status="cancelled")
        SalesMark.objects.create(day=day)
        return sums

    monkeypatch.setattr(adding_up, "_sums", moved_meanwhile)
    assert add_up_sales() == 1
    assert sold() == {"2026-05-01": (1, Decimal("10.00"))}
    monkeypatch.setattr(adding_up, "_sums", count)
    assert add_up_sales() == 1
    assert (sold(), ProductSales.objects.count()) == ({}, 0)


def test_the_command_finds_and_mends_wrong_sums():
    paid("10.00", at(5, 1))
    paid("20.00", at(5, 2))
    recount_sales()
    told = StringIO()
    call_command("recount_totals", "--check", stdout=told)
    assert "every sum is right" in told.getvalue()
    DaySales.objects.filter(day=date(2026, 5, 2)).update(revenue=1)
    with pytest.raises(CommandError, match="1 had wrong sums, the first of them 2026-05-02"):
        call_command("recount_totals", "--check", stdout=told)
    assert sold()["2026-05-02"] == (1, Decimal("0.00"))
    call_command("recount_totals", stdout=told)
    assert sold()["2026-05-02"] == (1, Decimal("20.00"))


def test_orders_of_an_earlier_version_are_added_up():
    paid("10.00", at(5, 1))
    paid("20.00", at(6, 30, 23, 59))
    import_module("orders.migrations.0004_sales_by_day").mark_every_day(apps, None)
    while add_up_sales():
        pass
    assert sold() == {"2026-05-01": (1, Decimal("10.00")), "2026-06-30": (1, Decimal("20.00"))}


def test_only_what_differs_is_written_anew():
    order, other = paid("50.00", at(5, 1)), paid("50.00", at(5, 1), currency="USD")
    same, more = ProductFactory(price=10), ProductFactory(price=20)
    for one in (order, other):
        OrderLineFactory(order=one, product=more)
    OrderLineFactory(order=order, product=same)
    recount_sales()
    kept = ProductSales.objects.get(product=same).pk
    late = paid("20.00", at(5, 1, 5))
    OrderLineFactory(order=late, product=more, quantity=2)
    SalesMark.objects.create(day=date(2026, 5, 1))
    assert add_up_sales() == 1
    assert ProductSales.objects.get(product=same).pk == kept
    assert sorted(ProductSales.objects.values_list("product", "currency", "quantity", "revenue")) == sorted(
        [(same.pk, "EUR", 1, 10_000), (more.pk, "EUR", 3, 60_000), (more.pk, "USD", 1, 20_000)]
    )
    assert recount_sales(repair=False).wrong == []
