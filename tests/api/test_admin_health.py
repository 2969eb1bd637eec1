"""GET /api/admin/health: how every part of the store is."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection

from cryptons import clock
from cryptons.models import Heartbeat
from cryptons.tasks import beat
from orders.models import OutboxMessage, WebhookDelivery, WebhookEndpoint
from payments.models import Rate, Watcher
from shop.search.rebuilding import rebuild
from tests.api.moments import at_this_moment
from tests.factories import OrderFactory, ProductFactory
from tests.payments.stub import serving

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
NONE = {"waiting": 0, "oldest": None, "failing": 0}


def iso(moment):
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    modules = [
        "cryptons.dashboard.health", "cryptons.outbox", "cryptons.tasks", "payments.health", "payments.rates",
    ]  # fmt: skip
    for module in modules:
        monkeypatch.setattr(f"{module}.clock", at_this_moment(NOW))


@pytest.fixture
def well(node):
    """A store of which every part is as it should be."""
    beat()
    Watcher.objects.create(coin="BTC", last_ok_at=NOW)
    ProductFactory()
    rebuild()
    node.rpc("generatetoaddress", 3, node.rpc("getnewaddress", wallet="customer"))


def ask(api, staff):
    answer = api.as_(staff).get("/admin/health")
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "private, no-store")
    return answer.data


def message(**given):
    order = OrderFactory()
    return OutboxMessage.objects.create(topic="received", order=order, key=f"order:{order.pk}", **given)


def test_a_store_that_is_well(api, staff, well, node):
    shown = ask(api, staff)
    assert shown["status"] == "ok"
    parts = shown["components"]
    assert list(parts) == ["database", "cache", "search", "queue", "rates", "bitcoin"]
    took = [part.pop("latencyMs") for part in parts.values()]
    assert all(isinstance(one, int) and one >= 0 for one in took)
    assert {(part.pop("status"), part.pop("detail")) for part in parts.values()} == {("ok", "")}
    height = node.rpc("getblockcount")
    assert parts == {
        "database": {"engine": connection.vendor},
        "cache": {"engine": "in process"},
        "search": {"engine": "tantivy", "documents": 1, "waiting": 0},
        "queue": {
            "workerSeenAt": iso(NOW), "mails": NONE, "webhooks": NONE, "search": NONE, "daysToAddUp": 0,
        },
        "rates": {"source": "fixed", "ageSeconds": 0},
        "bitcoin": {"network": "regtest", "height": height, "lag": 0, "peers": 0, "lookedAt": iso(NOW)},
    }  # fmt: skip


def test_a_node_that_is_gone_degrades_the_store_and_says_so(api, staff, well, node):
    node.stop()
    shown = ask(api, staff)
    assert (shown["status"], shown["components"]["bitcoin"]["status"]) == ("degraded", "down")
    assert "node" in shown["components"]["bitcoin"]["detail"]
    assert shown["components"]["bitcoin"]["height"] is None
    assert shown["components"]["database"]["status"] == "ok"


def test_a_node_that_nobody_looks_at_is_no_use(api, staff, well):
    Watcher.objects.update(last_ok_at=NOW - timedelta(seconds=61))
    part = ask(api, staff)["components"]["bitcoin"]
    assert (part["status"], part["lookedAt"]) == ("degraded", iso(NOW - timedelta(seconds=61)))


@pytest.fixture
def live(settings):
    """A live source of prices that answers, on this machine; `seen` is what it was asked."""
    with serving(lambda path, body: (200, b"{}")) as source:
        settings.RATE_SOURCE, settings.RATE_URL = "kraken", source.url
        yield source


@pytest.mark.parametrize(
    ("age", "status"),
    [(0, "ok"), (300, "ok"), (301, "degraded"), (600, "degraded"), (601, "down"), (-600, "ok"), (-601, "down")],
)
def test_the_price_of_bitcoin_is_told_by_its_age(api, staff, well, live, age, status):
    Rate.objects.create(pair="BTC/EUR", price=60_000, source="kraken", fetched_at=NOW - timedelta(seconds=age))
    shown = ask(api, staff)
    part = shown["components"]["rates"]
    assert (part["status"], part["source"], part["ageSeconds"]) == (status, "kraken", age)
    assert bool(part["detail"]) == (status != "ok")
    assert shown["status"] == ("ok" if status == "ok" else "degraded")
    assert live.seen == []


def test_a_price_of_bitcoin_that_nobody_fetched_is_told_and_not_fetched(api, staff, well, live):
    shown = ask(api, staff)
    part = shown["components"]["rates"]
    assert (shown["status"], part["status"], part["source"], part["ageSeconds"]) == ("degraded", "down", "kraken", None)
    assert "No price of bitcoin is known" in part["detail"]
    assert live.seen == []


def test_a_price_that_may_be_a_minute_old_is_not_called_late_between_two_fetches(api, staff, well, live, settings):
    settings.RATE_MAX_AGE = timedelta(seconds=150)
    Rate.objects.create(pair="BTC/EUR", price=60_000, source="kraken", fetched_at=NOW - timedelta(seconds=120))
    assert ask(api, staff)["components"]["rates"]["status"] == "ok"


@pytest.mark.parametrize("seen", [None, NOW - timedelta(seconds=61)])
def test_a_worker_that_is_not_heard_of_is_down(api, staff, well, seen):
    Heartbeat.objects.all().delete()
    if seen:
        Heartbeat.objects.create(pk="worker", seen_at=seen)
    shown = ask(api, staff)
    part = shown["components"]["queue"]
    assert (shown["status"], part["status"], part["workerSeenAt"]) == ("degraded", "down", seen and iso(seen))
    assert "worker" in part["detail"]


def test_what_waits_too_long_is_named(api, staff, well):
    message(next_attempt_at=NOW - timedelta(seconds=59))
    message(next_attempt_at=NOW + timedelta(hours=1))
    message(next_attempt_at=None, sent_at=NOW)
    part = ask(api, staff)["components"]["queue"]
    assert (part["status"], part["mails"]) == (
        "ok", {"waiting": 2, "oldest": iso(NOW - timedelta(seconds=59)), "failing": 0},
    )  # fmt: skip
    OutboxMessage.objects.filter(next_attempt_at__lt=NOW).update(next_attempt_at=NOW - timedelta(seconds=61))
    part = ask(api, staff)["components"]["queue"]
    assert (part["status"], part["detail"]) == ("degraded", "Waiting for more than a minute: mails.")


def test_mails_that_cannot_be_sent_are_told(api, staff, well):
    message(next_attempt_at=NOW + timedelta(minutes=5), attempts=3)
    part = ask(api, staff)["components"]["queue"]
    assert (part["status"], part["mails"]["failing"]) == ("degraded", 1)


def test_an_endpoint_that_is_left_alone_keeps_nothing_waiting(api, staff, well):
    endpoint = WebhookEndpoint.objects.create(url="https://partner.example/hook", secret="s")
    given = {"endpoint": endpoint, "event_id": endpoint.pk, "event": "order.created", "body": "{}"}
    WebhookDelivery.objects.create(**given, key="one", next_attempt_at=NOW - timedelta(minutes=5))
    assert ask(api, staff)["components"]["queue"]["detail"] == "Waiting for more than a minute: webhooks."
    WebhookEndpoint.objects.update(paused_until=clock.now() + timedelta(minutes=5))
    part = ask(api, staff)["components"]["queue"]
    assert (part["status"], part["webhooks"]) == ("ok", NONE)


def test_an_endpoint_that_the_store_switched_off_is_told(api, staff, well):
    off = WebhookEndpoint.objects.create(url="https://partner.example/hook", secret="s", is_active=False)
    assert ask(api, staff)["components"]["queue"]["status"] == "ok"
    WebhookEndpoint.objects.filter(pk=off.pk).update(off_because="It answered 410 Gone.")
    part = ask(api, staff)["components"]["queue"]
    assert (part["status"], "switched off as they failed: 1" in part["detail"]) == ("degraded", True)


def test_without_its_database_the_store_is_down(api, staff, well, monkeypatch):
    def away():
        raise OperationalError("it is away")

    monkeypatch.setattr("cryptons.dashboard.health._database", away)
    shown = ask(api, staff)
    assert (shown["status"], shown["components"]["database"]["status"]) == ("down", "down")
    assert shown["components"]["database"]["engine"] is None


def test_all_of_the_staff_may_see_it_and_nobody_else(api, user, staff):
    staff.is_superuser = False
    staff.save()
    assert api.as_(staff).get("/admin/health").status == 200
    assert api.get("/admin/health").status == 401
    answer = api.as_(user).get("/admin/health")
    assert (answer.status, answer.code) == (403, "FORBIDDEN")


def test_the_staff_may_look_as_often_as_they_like_and_everybody_else_is_counted(api, user, staff, well, settings):
    settings.RATELIMIT_USER = settings.RATELIMIT_API = (2, 900)
    own = api.as_(staff)
    assert [own.get("/admin/health").headers["RateLimit-Remaining"] for _ in range(4)] == ["2"] * 4
    assert [own.get("/auth/profile").status for _ in range(3)] == [200, 200, 429]
    assert own.get("/admin/health").status == 200
    assert [api.as_(user).get("/admin/health").status for _ in range(3)] == [403, 403, 429]
    assert [api.with_token("a.b.c").get("/admin/health").status for _ in range(3)] == [401, 401, 429]
