"""Endpoints for tests, and what was written for them."""

from orders.models import WebhookDelivery, WebhookEndpoint
from orders.services import ship
from tests.factories import StaffFactory
from tests.orders.steps import tell


def endpoint(url="http://127.0.0.1:9/", **fields):
    return WebhookEndpoint.objects.create(**{"url": url, "secret": "a-secret", **fields})


def events(rows=None):
    found = WebhookDelivery.objects.all() if rows is None else rows
    return list(found.order_by("created_at", "id").values_list("event", flat=True))


def states():
    return [row.state for row in WebhookDelivery.objects.order_by("created_at", "id")]


def paid_and_shipped(order):
    tell(order, "seen", received=100_000)
    tell(order, "settled", received=100_000, confirmations=1)
    ship(order_id=order.pk, actor=StaffFactory(), tracking_number="RR1")
