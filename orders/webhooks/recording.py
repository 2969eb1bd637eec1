"""Writes down what endpoints are to be told, in the transaction that made it true."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from cryptons import clock
from cryptons.api import wire
from cryptons.db import uuid7
from cryptons.nudge import nudge
from orders.api.shapes import order_data
from orders.models import Order, WebhookDelivery, WebhookEndpoint
from orders.selectors import order_state, with_states
from orders.webhooks.events import TEST, WebhookEvent
from orders.webhooks.listening import nobody_wants
from orders.webhooks.tasks import deliver_webhooks


def tell_endpoints(order: Order, event: WebhookEvent) -> int:
    """Write `event` down for each endpoint that wants it, with the order as it stands now; return for how many.

    Runs inside the caller's transaction. Where nobody is to be told it costs one small query, none where that is known
    (`know_listeners`).
    """
    if nobody_wants(event):
        return 0
    endpoints = [one for one in WebhookEndpoint.objects.filter(is_active=True) if one.wants(event)]
    if not endpoints:
        return 0
    # The update also keeps any other event of this order waiting until this one is committed, so none overtakes it.
    Order.objects.filter(pk=order.pk).update(webhook_sequence=F("webhook_sequence") + 1)
    state = order_state(with_states(Order.objects.filter(pk=order.pk)).get())
    shown = order_data(state)
    data = {"orderId": shown.pop("id"), **shown}
    _write(endpoints, event, data, order=state.order, sequence=state.order.webhook_sequence)
    return len(endpoints)


def tell_test(endpoint: WebhookEndpoint) -> WebhookDelivery:
    """Write a test message down for one endpoint."""
    return _write([endpoint], TEST, {"message": "This is a test. No order is meant."})[0]


def _write(
    endpoints: list[WebhookEndpoint],
    event: str,
    data: dict[str, object],
    *,
    order: Order | None = None,
    sequence: int = 0,
) -> list[WebhookDelivery]:
    event_id, now = uuid7(), clock.now()
    body = _message(event_id, event, sequence, now, data)
    rows = WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            key=f"{event_id}:{endpoint.pk}",
            endpoint=endpoint,
            order=order,
            event_id=event_id,
            event=event,
            sequence=sequence,
            body=body,
            next_attempt_at=now,
            created_at=now,
        )
        for endpoint in endpoints
    )
    transaction.on_commit(lambda: nudge(deliver_webhooks), robust=True)
    return rows


def _message(event_id: UUID, event: str, sequence: int, at: datetime, data: dict[str, object]) -> str:
    message = {"id": event_id, "event": event, "sequence": sequence, "createdAt": at, "data": data}
    return wire.dumps(message).decode()
