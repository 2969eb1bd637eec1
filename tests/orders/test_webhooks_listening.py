"""Each process remembers that nobody listens; whoever begins to listen misses nothing that happens from then on."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cryptons import clock, freshness
from cryptons.tasks import tell_again
from orders.models import WebhookDelivery, WebhookEndpoint
from orders.webhooks.endpoints import change_endpoint, create_endpoint
from orders.webhooks.listening import LONGEST
from tests.factories import ProductFactory, UserFactory
from tests.orders.endpoints import endpoint, events
from tests.orders.steps import place

pytestmark = pytest.mark.django_db(transaction=True)
URL = "http://127.0.0.1:9/hook"


@pytest.fixture
def boss(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    return UserFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def mug():
    return ProductFactory(stock=50)


def asked(product):
    """Place an order; return how often the database was asked for endpoints."""
    with CaptureQueriesContext(connection) as queries:
        place((product, 1))
    return sum('FROM "orders_webhookendpoint"' in query["sql"] for query in queries)


def test_that_nobody_listens_is_asked_once(mug):
    assert [asked(mug) for _ in range(3)] == [1, 0, 0]
    assert events() == []


def test_who_wants_nothing_of_it_is_nobody(mug):
    endpoint(events=["order.shipped"])
    endpoint(is_active=False)
    assert [asked(mug) for _ in range(3)] == [1, 0, 0]


def test_who_listens_is_read_each_time(mug):
    endpoint()
    assert [asked(mug) for _ in range(3)] == [2, 1, 1]
    assert events() == ["order.created"] * 3


def test_a_new_endpoint_is_told_of_the_next_order(boss, mug):
    place((mug, 1))
    create_endpoint(actor=boss, url=URL)
    place((mug, 1))
    assert events() == ["order.created"]


@pytest.mark.parametrize("before", [{"is_active": False}, {"events": ["order.shipped"]}])
def test_an_endpoint_that_begins_to_want_an_event_is_told_of_the_next_order(boss, before, mug):
    one = endpoint(URL, **before)
    place((mug, 1))
    change_endpoint(endpoint_id=one.pk, actor=boss, url=URL)
    place((mug, 1))
    assert events() == ["order.created"]


def test_an_endpoint_that_is_gone_or_switched_off_is_told_no_more(mug):
    gone, off = endpoint(), endpoint()
    place((mug, 1))
    gone.delete()
    WebhookEndpoint.objects.filter(pk=off.pk).update(is_active=False)
    place((mug, 1))
    assert WebhookDelivery.objects.get().endpoint == off


def test_what_is_done_in_a_transaction_that_is_taken_back_is_not_remembered(mug):
    endpoint()
    with transaction.atomic():
        WebhookEndpoint.objects.all().delete()
        place((mug, 1))
        transaction.set_rollback(True)
    place((mug, 1))
    assert events() == ["order.created"]


def test_an_endpoint_whose_news_was_lost_on_the_way_is_known_once_it_is_told_again(monkeypatch, mug):
    place((mug, 1))
    with monkeypatch.context() as dying:
        dying.setattr(freshness, "tell", lambda *_topics: (_ for _ in ()).throw(OSError("killed here")))
        with transaction.atomic():
            endpoint()
    place((mug, 1))
    tell_again()
    place((mug, 1))
    assert events() == ["order.created"]


def test_what_was_written_past_the_program_is_seen_within_seconds(monkeypatch, mug):
    place((mug, 1))
    WebhookEndpoint.objects.bulk_create([WebhookEndpoint(url=URL, secret="a-secret")])
    now = clock.now() + timedelta(seconds=LONGEST)
    monkeypatch.setattr(clock, "now", lambda: now)
    place((mug, 1))
    assert events() == ["order.created"]


def test_while_the_marks_cannot_be_read_the_database_is_asked(settings, mug):
    place((mug, 1))
    freshness.board.cache_clear()
    settings.CACHE_URL = "redis://127.0.0.1:9/0"
    try:
        assert asked(mug) == 1
        with transaction.atomic():
            endpoint()
        place((mug, 1))
    finally:
        freshness.board.cache_clear()
    assert events() == ["order.created"]
