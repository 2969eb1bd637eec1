"""What staff may do with endpoints and deliveries."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from accounts.models import User
from cryptons import clock
from cryptons.db import atomic, guarded_update
from cryptons.errors import Forbidden, InvalidInput, InvalidTransition, NotFound
from cryptons.nudge import nudge
from cryptons.outbox import send_again
from cryptons.outgoing.addresses import NotAllowed, addresses_of, target_of
from cryptons.outgoing.posting import CONNECT
from orders.models import WebhookDelivery, WebhookEndpoint
from orders.webhooks.events import WebhookEvent
from orders.webhooks.listening import endpoints_changed
from orders.webhooks.recording import tell_test
from orders.webhooks.sending import rules
from orders.webhooks.tasks import deliver_webhooks

OLD_SECRET_KEPT = timedelta(days=1)


def may(actor: User | None, what: str) -> bool:
    """Return whether `actor` is of the staff and has the permission `what` of this app, such as `change_webhookendpoint`."""
    return actor is not None and actor.is_staff and actor.has_perm(f"orders.{what}")


def create_endpoint(
    *, actor: User | None, url: str, description: str = "", events: Sequence[str] = (), is_active: bool = True
) -> WebhookEndpoint:
    """Return a new endpoint with a secret of its own; none of `events` stands for all of them.

    Asks where the address leads, so it must not be called inside a transaction. Raises InvalidInput, Forbidden.
    """
    _require(actor, "add_webhookendpoint")
    wanted = _checked(url, events)
    with atomic():
        return WebhookEndpoint.objects.create(
            url=url.strip(), description=description.strip(), events=wanted, is_active=is_active, secret=_new_secret()
        )


def change_endpoint(
    *,
    endpoint_id: UUID,
    actor: User | None,
    url: str,
    description: str = "",
    events: Sequence[str] = (),
    is_active: bool = True,
) -> WebhookEndpoint:
    """Change an endpoint; switched on again it is tried at once. Not inside a transaction. Raises InvalidInput, Forbidden, NotFound."""
    _require(actor, "change_webhookendpoint")
    wanted = _checked(url, events)
    endpoint = get_endpoint(endpoint_id=endpoint_id)
    changes: dict[str, object] = {
        "url": url.strip(),
        "description": description.strip(),
        "events": wanted,
        "is_active": is_active,
        "off_because": "",
        "updated_at": clock.now(),
    }
    if is_active and (not endpoint.is_active or endpoint.url != changes["url"]):
        changes |= {"failures": 0, "failing_since": None, "paused_until": None}
    with atomic():
        WebhookEndpoint.objects.filter(pk=endpoint_id).update(**changes)
        endpoints_changed()
    return get_endpoint(endpoint_id=endpoint_id)


def renew_secret(*, endpoint_id: UUID, actor: User | None) -> WebhookEndpoint:
    """Give an endpoint a new secret; the one before signs beside it for a day. Raises Forbidden, NotFound, InvalidTransition."""
    _require(actor, "change_webhookendpoint")
    endpoint, now = get_endpoint(endpoint_id=endpoint_id), clock.now()
    unchanged = WebhookEndpoint.objects.filter(pk=endpoint_id, secret=endpoint.secret)
    renewed = {"secret": _new_secret(), "previous_secret": endpoint.secret, "previous_until": now + OLD_SECRET_KEPT}
    if not guarded_update(unchanged, **renewed, updated_at=now):
        raise InvalidTransition("Somebody else has renewed the secret at the same moment. Ask them, or renew it again.")
    return get_endpoint(endpoint_id=endpoint_id)


def send_test(*, endpoint_id: UUID, actor: User | None) -> WebhookDelivery:
    """Have a test message sent. Raises InvalidTransition for an endpoint that is switched off, Forbidden, NotFound."""
    _require(actor, "change_webhookendpoint")
    endpoint = get_endpoint(endpoint_id=endpoint_id)
    if not endpoint.is_active:
        raise InvalidTransition("This endpoint is switched off. Switch it on first.")
    with atomic():
        WebhookEndpoint.objects.filter(pk=endpoint_id).update(paused_until=None)
        return tell_test(endpoint)


def deliver_again(*, delivery_id: UUID, actor: User | None) -> WebhookDelivery:
    """Have a message sent once more, whatever became of it, with the same id and bytes.

    One that still waits goes now, in its turn; one that is done goes out of turn. Raises InvalidTransition for an endpoint that is
    switched off or gone, Forbidden, NotFound.
    """
    _require(actor, "change_webhookdelivery")
    row = WebhookDelivery.objects.filter(pk=delivery_id).first()
    if row is None:
        raise NotFound("There is no such delivery.")
    endpoint = WebhookEndpoint.objects.filter(pk=row.endpoint_id).first()
    if endpoint is None:
        raise InvalidTransition("The endpoint of this delivery is gone, so nobody can be told any more.")
    if not endpoint.is_active:
        raise InvalidTransition("The endpoint of this delivery is switched off. Switch it on first.")
    with atomic():
        settled = WebhookDelivery.objects.filter(pk=row.pk, next_attempt_at=None)
        settled.update(out_of_turn=True, first_attempt_at=None)
        send_again(row)
        WebhookEndpoint.objects.filter(pk=row.endpoint_id).update(paused_until=None)
    nudge(deliver_webhooks)
    row.refresh_from_db()
    return row


def get_endpoint(*, endpoint_id: UUID) -> WebhookEndpoint:
    """Return the endpoint. Raises NotFound."""
    endpoint = WebhookEndpoint.objects.filter(pk=endpoint_id).first()
    if endpoint is None:
        raise NotFound("There is no such endpoint.")
    return endpoint


def _require(actor: User | None, what: str) -> None:
    if not may(actor, what):
        raise Forbidden("You may not change webhooks.")


def _checked(url: str, events: Sequence[str]) -> list[str]:
    """Return the events that are wanted, once the address proved to be one the store sends to. Raises InvalidInput."""
    unknown = [event for event in events if event not in WebhookEvent.values]
    if unknown:
        raise _refusal("events", f"There is no event named {unknown[0]}.")
    try:
        addresses_of(target_of(url.strip(), rules()), rules(), seconds=CONNECT)
    except NotAllowed as error:
        raise _refusal("url", str(error)) from error
    except OSError as error:
        raise _refusal("url", "No host of this name is found. Look for a typing mistake.") from error
    return [event for event in WebhookEvent.values if event in events]


def _refusal(field: str, message: str) -> InvalidInput:
    return InvalidInput(message, details=[{"field": field, "message": message}])


def _new_secret() -> str:
    return "whsec_" + secrets.token_urlsafe(32)
