"""The admin's own pages: what waits, the figures, the store's health."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from cryptons import clock
from cryptons.dashboard.analytics import Point
from cryptons.dashboard.chart import chart_of, earlier, later, round_up
from cryptons.dashboard.periods import Period, Span
from orders.models import Order
from orders.services import recount_sales
from tests.factories import OrderFactory, OrderLineFactory, ProductFactory, StaffFactory, UserFactory


@pytest.fixture
def staff(client, db):
    client.force_login(StaffFactory())
    return client


def in_group(name):
    member = UserFactory(is_staff=True)
    member.groups.set(Group.objects.filter(name=name))
    client = Client()
    client.force_login(member)
    return client


def text(answer):
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


# what waits


def test_the_admin_opens_on_what_needs_a_person(staff):
    OrderFactory(attention="Too little was paid.")
    OrderFactory(status="processing")
    OrderFactory(status="processing")
    ProductFactory(stock=0)
    ProductFactory(stock=0, is_visible=False)
    page = text(staff.get("/admin/"))
    assert '<a href="/admin/orders/order/?work=decide"><strong>1</strong> order needs a decision</a>' in page
    assert '<a href="/admin/orders/order/?work=ship"><strong>2</strong> orders are paid and not shipped</a>' in page
    assert "<strong>1</strong> product is sold out</a>" in page
    assert "review" not in page.partition('id="desk-heading"')[2].partition("</section>")[0]


def test_each_list_it_leads_to_shows_as_many(staff):
    OrderFactory(attention="Too little was paid.")
    OrderFactory(status="processing")
    ProductFactory(stock=0)
    ProductFactory(stock=2)
    ProductFactory(stock=2, is_visible=False)
    for one in staff.get("/admin/").context["waiting"]:
        assert staff.get(one.url).context["cl"].result_count == one.number == 1


def test_nobody_is_sent_to_a_list_that_is_not_theirs(db):
    OrderFactory(attention="Too little was paid.")
    page = text(in_group("Catalogue").get("/admin/"))
    assert "decision" not in page
    assert "Nothing waits for you." in page
    assert "/admin/figures/" not in page
    assert "/admin/health/" in page


# figures


def test_the_figures_are_those_of_the_api(staff):
    lamp = ProductFactory(name="Lamp & <shade>")
    order = OrderFactory(status="delivered", total=Decimal("1234.50"), created_at=clock.now())
    OrderLineFactory(order=order, product=lamp, unit_price=Decimal("1234.50"))
    recount_sales()
    page = text(staff.get("/admin/figures/"))
    assert "<strong>€1,234.50</strong> from 1 order, €1,234.50 each on average" in page
    assert f'<a href="/admin/shop/product/{lamp.pk}/change/">Lamp &amp; &lt;shade&gt;</a>' in page
    assert page.count('<rect class="bars__bar"') == 30
    assert "style=" not in page.partition('id="content"')[2]
    assert page.count("<script") == page.count("<script src=")


@pytest.mark.parametrize(("period", "bars"), [("day", 30), ("week", 12), ("month", 12), ("year", 5)])
def test_a_period_is_a_link_away(staff, period, bars):
    shown = staff.get("/admin/figures/", {"period": period})
    assert f'<a href="/admin/figures/?period={period}" aria-current="page">' in text(shown)
    assert len(shown.context["chart"].bars) == bars


def test_one_can_turn_back_and_forth(staff):
    shown = staff.get("/admin/figures/", {"period": "month", "from": "2026-01-15", "to": "2026-03-15"})
    assert shown.context["earlier"] == "/admin/figures/?period=month&from=2025-10-01&to=2025-12-01"
    before = staff.get(shown.context["earlier"])
    assert before.context["found"].span == Span(Period.MONTH, date(2025, 10, 1), date(2025, 12, 31))
    assert staff.get(before.context["later"]).context["found"].span == shown.context["found"].span


@pytest.mark.parametrize("query", ["from=never", "from=2026-02-01&to=2026-01-01", "from=1990-01-01", "from=2001-01-01"])
def test_days_that_make_no_sense_are_said_and_left_out(staff, query):
    shown = staff.get(f"/admin/figures/?{query}")
    assert 'role="alert"' in text(shown)
    assert len(shown.context["chart"].bars) == 30


def test_only_who_may_read_reports_sees_the_figures(client, db):
    assert in_group("Reports").get("/admin/figures/").status_code == 200
    for name in ("Orders", "Catalogue"):
        assert in_group(name).get("/admin/figures/").status_code == 403
    assert client.get("/admin/figures/").status_code == 302


def test_figures_take_few_queries_however_many_orders_there_are(staff, django_assert_max_num_queries):
    for days in range(20):
        OrderFactory(status="delivered", created_at=clock.now() - timedelta(days=days))
    recount_sales()
    assert Order.objects.count() == 20
    with django_assert_max_num_queries(32):
        staff.get("/admin/figures/")


# the drawing


@pytest.mark.parametrize(
    ("amount", "top"), [("0", 1), ("0.4", 1), ("1", 1), ("1.51", 2), ("4.99", 5), ("8.01", 10), ("123", 150)]
)
def test_the_scale_is_a_round_number_that_holds_all(amount, top):
    assert round_up(Decimal(amount)) == top


def test_bars_stand_on_the_ground_in_their_order():
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    points = [
        Point(date(2026, 1, day), moment, Decimal(amount), 1, Decimal(amount))
        for day, amount in ((1, 50), (2, 0), (3, 100))
    ]
    drawn = chart_of(points, Period.DAY)
    assert [(bar.x, bar.y, bar.height) for bar in drawn.bars] == [(0, 100, 100), (10, 200, 0), (20, 0, 200)]
    assert (drawn.width, drawn.amounts) == (30, [100, 50, 0])
    assert drawn.names == ["1 Jan", "2 Jan", "3 Jan"]


def test_the_periods_before_and_after_are_as_many_and_touch():
    weeks = Span(Period.WEEK, date(2026, 3, 2), date(2026, 3, 15))
    assert earlier(weeks) == (date(2026, 2, 16), date(2026, 2, 23))
    assert later(weeks) == (date(2026, 3, 16), date(2026, 3, 23))


# health


@pytest.mark.django_db(transaction=True)
def test_all_of_the_staff_see_how_the_store_is(client):
    assert client.get("/admin/health/").status_code == 302
    client.force_login(UserFactory(is_staff=True))
    page = text(client.get("/admin/health/"))
    assert "No worker was heard of for a minute." in page
    for name in ("Database", "Cache", "Search", "Queue", "Rates", "Bitcoin"):
        assert f"<h2>{name}</h2>" in page
    client.force_login(UserFactory())
    assert client.get("/admin/health/").status_code == 302
