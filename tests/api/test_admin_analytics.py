"""GET /api/admin/analytics: sales over time, in the days of the store."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from cryptons.dashboard.periods import MOST, Period, span
from cryptons.errors import InvalidInput
from orders.services import recount_sales
from tests.api.moments import at_this_moment
from tests.factories import (
    OrderFactory,
    OrderLineFactory,
    OrderPaymentFactory,
    PaymentFactory,
    PaymentOptionFactory,
    ProductFactory,
    TransferFactory,
)

NOW = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """Half past one in the morning of 1 April in Lisbon's summer is still 31 March in UTC."""
    monkeypatch.setattr("cryptons.dashboard.periods.clock", at_this_moment(NOW))


@pytest.fixture
def reader(api, staff_in):
    return api.as_(staff_in("Reports"))


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


def paid(total, moment, *, status="delivered", exception="", product=None, quantity=1, **given):
    """An order of so much that was paid on the chain."""
    order = OrderFactory(total=Decimal(total), status=status, created_at=moment, **given)
    payment = PaymentFactory(status="settled", exception=exception)
    OrderPaymentFactory(order=order, payment=payment)
    TransferFactory(payment=payment, address=PaymentOptionFactory(payment=payment).address, state="confirmed")
    if product:
        OrderLineFactory(order=order, product=product, quantity=quantity)
    return order


def test_the_whole_answer(reader, settings):
    settings.TIME_ZONE = "Europe/Lisbon"
    cup, pot = ProductFactory(name="Cup", price=Decimal("10.10")), ProductFactory(name="Pot", price=Decimal("20.00"))
    paid("10.10", at(2026, 3, 28, 12), product=cup)
    paid("40.00", at(2026, 3, 30, 8), status="shipped", exception="overpaid", product=pot, quantity=2)
    paid("20.00", at(2026, 3, 30, 22, 59), status="processing", product=pot)
    paid("99.00", at(2026, 3, 30, 9), status="cancelled", product=cup)
    paid("99.00", at(2026, 3, 27, 23, 59), product=cup)
    paid("99.00", at(2026, 3, 30, 9), currency="USD", product=cup)
    OrderFactory(status="pending", total=99, created_at=at(2026, 3, 30, 9))
    recount_sales()
    answer = reader.get("/admin/analytics", {"period": "day", "from": "2026-03-28", "to": "2026-03-30"})
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.data == {
        "period": "day",
        "from": "2026-03-28T00:00:00Z",
        "to": "2026-03-30T22:59:59.999999Z",
        "currency": "EUR",
        "series": [
            {
                "start": "2026-03-28T00:00:00Z",
                "revenue": Decimal("10.10"),
                "orders": 1,
                "averageOrder": Decimal("10.10"),
            },
            {"start": "2026-03-29T00:00:00Z", "revenue": 0, "orders": 0, "averageOrder": 0},
            {"start": "2026-03-29T23:00:00Z", "revenue": 60, "orders": 2, "averageOrder": 30},
        ],
        "byCryptocurrency": [{"cryptocurrency": "BTC", "orders": 3, "revenue": Decimal("70.10")}],
        "byMethod": [{"method": "onchain", "orders": 3, "revenue": Decimal("70.10")}],
        "topProducts": [
            {"productId": str(pot.pk), "name": "Pot", "quantity": 3, "revenue": 60},
            {"productId": str(cup.pk), "name": "Cup", "quantity": 1, "revenue": Decimal("10.10")},
        ],
    }
    assert list(answer.data) == [
        "period", "from", "to", "currency", "series", "byCryptocurrency", "byMethod", "topProducts"
    ]  # fmt: skip


def test_amounts_have_the_places_of_the_currency(reader, settings):
    for total in ("10.00", "10.00", "10.01"):
        paid(total, at(2026, 3, 30, 8))
    recount_sales()
    day = {"from": "2026-03-30", "to": "2026-03-30"}
    assert '"revenue":30.01,"orders":3,"averageOrder":10.00' in reader.get("/admin/analytics", day).text
    settings.CURRENCY = "JPY"
    for total in ("1000", "501"):
        paid(total, at(2026, 3, 30, 8), currency="JPY")
    recount_sales()
    assert '"revenue":1501,"orders":2,"averageOrder":751' in reader.get("/admin/analytics", day).text


@pytest.mark.parametrize(
    ("zone", "days", "starts"),
    [
        ("Europe/Lisbon", ("2026-03-28", "2026-03-30"), [(3, 28, 0), (3, 29, 0), (3, 29, 23)]),
        ("Europe/Lisbon", ("2026-10-24", "2026-10-26"), [(10, 23, 23), (10, 24, 23), (10, 26, 0)]),
        ("America/New_York", ("2026-03-07", "2026-03-09"), [(3, 7, 5), (3, 8, 5), (3, 9, 4)]),
        ("America/New_York", ("2026-10-31", "2026-11-02"), [(10, 31, 4), (11, 1, 4), (11, 2, 5)]),
        ("Asia/Kathmandu", ("2026-03-01", "2026-03-02"), [(2, 28, 18, 15), (3, 1, 18, 15)]),
        ("Africa/Cairo", ("2026-04-23", "2026-04-25"), [(4, 22, 22), (4, 23, 22), (4, 24, 21)]),
    ],
)
def test_days_begin_where_the_store_is_also_when_the_clocks_change(reader, settings, zone, days, starts):
    """In Cairo the clocks go forward at midnight: the day of 24 April 2026 begins at one o'clock."""
    settings.TIME_ZONE = zone
    moments = [at(2026, *parts) for parts in starts]
    for number, moment in enumerate(moments, start=1):
        paid(number, moment)
        paid(100 * number, moment - timedelta(seconds=1))
    recount_sales()
    shown = reader.get("/admin/analytics", {"from": days[0], "to": days[1]}).data
    assert [point["start"] for point in shown["series"]] == [f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in moments]
    earlier = [100 * number for number in range(2, len(moments) + 1)]
    assert [point["revenue"] for point in shown["series"]] == [
        number + before for number, before in enumerate([*earlier, 0], start=1)
    ]


@pytest.mark.parametrize(
    ("period", "number", "first", "last", "ends"),
    [
        ("day", 30, "2026-03-02T00:00:00Z", "2026-03-31T00:00:00Z", "2026-03-31T23:59:59.999999Z"),
        ("week", 12, "2026-01-12T00:00:00Z", "2026-03-30T00:00:00Z", "2026-04-05T23:59:59.999999Z"),
        ("month", 12, "2025-04-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-03-31T23:59:59.999999Z"),
        ("year", 5, "2022-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-12-31T23:59:59.999999Z"),
    ],
)
def test_without_days_it_shows_the_last_periods(reader, period, number, first, last, ends):
    shown = reader.get("/admin/analytics", {"period": period}).data
    assert (len(shown["series"]), shown["series"][0]["start"], shown["series"][-1]["start"]) == (number, first, last)
    assert (shown["from"], shown["to"]) == (first, ends)
    assert {point["revenue"] for point in shown["series"]} == {0}


def test_days_are_the_default_and_the_answers_ends_ask_for_the_same_again(reader):
    shown = reader.get("/admin/analytics").data
    assert shown == reader.get("/admin/analytics", {"period": "day"}).data
    weeks = reader.get("/admin/analytics", {"period": "week", "from": "2026-03-04", "to": "2026-03-17"}).data
    assert [point["start"][:10] for point in weeks["series"]] == ["2026-03-02", "2026-03-09", "2026-03-16"]
    assert reader.get("/admin/analytics", {"period": "week", "from": weeks["from"], "to": weeks["to"]}).data == weeks


def test_one_end_is_enough(reader):
    months = {"period": "month"}
    since = reader.get("/admin/analytics", {**months, "from": "2026-02-11"}).data
    assert [point["start"][:10] for point in since["series"]] == ["2026-02-01", "2026-03-01"]
    until = reader.get("/admin/analytics", {**months, "to": "2020-02-29"}).data
    assert [until["series"][0]["start"][:10], until["series"][-1]["start"][:10]] == ["2019-03-01", "2020-02-01"]
    ahead = reader.get("/admin/analytics", {**months, "from": "2027-01-01"}).data
    assert [point["start"][:10] for point in ahead["series"]] == ["2027-01-01"]


def test_a_week_begins_on_monday_and_may_lie_in_two_years(reader):
    paid(5, at(2025, 12, 29))
    paid(7, at(2026, 1, 4, 23, 59))
    paid(100, at(2026, 1, 5))
    recount_sales()
    shown = reader.get("/admin/analytics", {"period": "week", "from": "2026-01-01", "to": "2026-01-01"}).data
    assert [(point["start"], point["revenue"]) for point in shown["series"]] == [("2025-12-29T00:00:00Z", 12)]


def test_a_moment_stands_for_its_day_in_the_store(reader, settings):
    settings.TIME_ZONE = "Asia/Kathmandu"
    shown = reader.get("/admin/analytics", {"from": "2026-03-01T18:15:00Z", "to": "2026-03-02T20:14:59+02:00"}).data
    assert [point["start"] for point in shown["series"]] == ["2026-03-01T18:15:00Z"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"period": "hour"}, "period"),
        ({"period": ""}, "period"),
        ({"from": "yesterday"}, "from"),
        ({"from": "2026-02-30"}, "from"),
        ({"to": "2026-3-1"}, "to"),
        ({"to": ""}, "to"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "from"),
        ({"from": "2020-01-01"}, "from"),
        ({"from": "1999-12-31"}, "from"),
        ({"from": "0001-01-01T00:00:00+14:00"}, "from"),
        ({"to": "9999-12-31T23:59:59-14:00"}, "to"),
        ({"to": "2200-01-01"}, "to"),
        ({"period": "year", "from": "2000-01-01", "to": "2199-01-01"}, "from"),
    ],
)
def test_a_wrong_span_is_400_by_name(reader, query, field):
    answer = reader.get("/admin/analytics", query)
    assert (answer.status, answer.code, list(answer.fields)) == (400, "VALIDATION_ERROR", [field])


@pytest.mark.parametrize("period", list(Period))
def test_so_many_periods_and_no_more_can_be_asked_for(settings, period):
    lengths = {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 30.4, Period.YEAR: 365}
    since = date(2149, 12, 28) - timedelta(days=int(lengths[period] * (MOST[period] + 2)))
    while True:
        since += timedelta(days=1)
        try:
            widest = span(period=period, since=since, until=date(2149, 12, 28))
        except InvalidInput:
            continue
        break
    assert len(list(widest.starts())) == MOST[period]


def test_it_is_remembered_for_a_minute_by_what_was_asked(api, staff, django_assert_max_num_queries):
    reader = api.as_(staff)
    reader.get("/admin/analytics")
    paid(5, at(2026, 3, 31))
    recount_sales()
    with django_assert_max_num_queries(1):
        assert reader.get("/admin/analytics").data["series"][-1]["revenue"] == 0
    assert reader.get("/admin/analytics", {"period": "year"}).data["series"][-1]["revenue"] == 5


def test_its_queries_do_not_grow_with_the_span(reader, django_assert_num_queries):
    for day in range(1, 29):
        paid(5, at(2026, 3, day), product=ProductFactory())
    recount_sales()
    for query in ({"from": "2026-03-28", "to": "2026-03-28"}, {"period": "year"}):
        with django_assert_num_queries(23):
            reader.get("/admin/analytics", query)


def test_only_who_may_read_reports_sees_it(api, user, staff_in):
    assert api.get("/admin/analytics").status == 401
    for person in (user, staff_in("Orders"), staff_in("Catalogue"), staff_in()):
        answer = api.as_(person).get("/admin/analytics")
        assert (answer.status, answer.code) == (403, "FORBIDDEN")
