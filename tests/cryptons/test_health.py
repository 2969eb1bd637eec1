from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError

from cryptons import clock
from payments.models import Watcher

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def no_database():
    raise OperationalError("it is away")


def test_up_asks_nothing_of_the_database(client):
    # Without the django_db mark any query would fail.
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "can_be_paid"), [(0, True), (60, True), (61, False)])
def test_ready_tells_whether_the_node_was_heard_of_lately(client, age, can_be_paid):
    Watcher.objects.create(coin="BTC", last_ok_at=NOW - timedelta(seconds=age))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "can_sell": True, "can_be_paid": can_be_paid},
    )


@pytest.mark.django_db
def test_a_store_that_never_heard_of_its_node_can_sell_but_not_be_paid(client):
    assert client.get("/readyz").json() == {"status": "ok", "can_sell": True, "can_be_paid": False}


def test_without_its_database_it_is_not_ready(client, monkeypatch):
    monkeypatch.setattr("payments.health.can_be_paid", no_database)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "can_sell": False, "can_be_paid": False}
