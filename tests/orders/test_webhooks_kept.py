"""How long the record of webhooks is kept, and that it stands in no order's way."""

from datetime import timedelta

import pytest
from django.db import connection

from cryptons import clock
from cryptons.db import uuid7
from orders.models import Order, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from orders.webhooks import keeping
from orders.webhooks.delivering import deliver_to, start_round
from orders.webhooks.keeping import forget_old
from tests.orders.endpoints import endpoint, events
from tests.orders.receiver import receiving
from tests.orders.steps import place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _private_is_allowed(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True


def test_the_record_is_kept_a_month(time):
    off = endpoint(is_active=True)
    with receiving() as server:
        partner = endpoint(server.url)
        place()
        deliver_to(endpoint_id=partner.pk)
        deliver_to(endpoint_id=off.pk)
        time.on(days=29)
        assert forget_old() == 0
        time.on(days=2)
        place()
        assert forget_old() == 1  # delivered; the other one still waits
        WebhookEndpoint.objects.filter(pk=off.pk).update(is_active=False)
        assert forget_old() == 1
    assert [attempt.delivery.endpoint_id for attempt in WebhookAttempt.objects.all()] == []
    assert len(events()) == 2


def test_what_is_old_is_looked_at_once_in_small_batches(time, monkeypatch, django_assert_num_queries):
    off, on = endpoint(is_active=False), endpoint()
    moments = [clock.now() + timedelta(seconds=number) for number in range(5)]
    # As with one event, two rows have the same moment.
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            key=f"{at}:{to.pk}", endpoint=to, event_id=uuid7(), event="order.shipped", body="{}", created_at=at
        )
        for at in moments
        for to in (off, on)
    )
    time.on(days=31)
    place()
    monkeypatch.setattr(keeping, "_AT_ONCE", 3)
    # The endpoints; four batches and a look that finds no more; three of them are read whole and deleted with their tries.
    with django_assert_num_queries(1 + 5 + 3 * 3):
        assert forget_old() == 5
    assert WebhookDelivery.objects.filter(endpoint=on).count() == 6
    assert not WebhookDelivery.objects.filter(endpoint=off).exists()


def test_an_endpoint_that_is_deleted_at_the_same_moment_fails_no_order(time, monkeypatch):
    partner = endpoint()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(WebhookEndpoint, "wants", lambda self, event: WebhookEndpoint.objects.all().delete()[0] == 1)
        order = place()
    # What a database says at the end of a transaction.
    connection.check_constraints()
    assert WebhookDelivery.objects.get().endpoint_id == partner.pk
    assert (Order.objects.get(), start_round()) == (order, [])
    time.on(days=31)
    assert forget_old() == 1
