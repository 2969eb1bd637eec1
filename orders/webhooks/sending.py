"""One delivery as a request."""

from django.conf import settings

from cryptons import clock
from cryptons.outgoing.addresses import Rules
from cryptons.outgoing.posting import Answer, post
from cryptons.signatures import HEADER, header_for
from orders.models import WebhookDelivery, WebhookEndpoint

_MOST_TOLD = 20


def rules() -> Rules:
    """Return where webhooks may be sent to."""
    return Rules(private=settings.WEBHOOK_ALLOW_PRIVATE, https=settings.PRODUCTION)


def send(endpoint: WebhookEndpoint, row: WebhookDelivery) -> Answer:
    """Send the stored body with a signature of this moment. Takes 15 seconds at most and raises nothing that the other side causes."""
    body = row.body.encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Cryptons-Webhooks/1",
        HEADER: header_for(body, secrets=endpoint.good_secrets(), at=int(clock.now().timestamp())),
        "X-Webhook-Id": str(row.event_id),
        "X-Webhook-Event": row.event,
        "X-Webhook-Sequence": str(row.sequence),
        "X-Webhook-Attempt": str(row.attempts),
        **_missed(row),
    }
    return post(endpoint.url, body, headers, rules=rules())


def _missed(row: WebhookDelivery) -> dict[str, str]:
    """Say which earlier events of the same order were given up, so that the receiver knows to ask the API."""
    given_up = WebhookDelivery.objects.filter(
        endpoint=row.endpoint_id, order=row.order_id, sequence__lt=row.sequence, next_attempt_at=None, sent_at=None
    )
    numbers = given_up.order_by("sequence").values_list("sequence", flat=True)[:_MOST_TOLD] if row.order_id else []
    told = ",".join(str(number) for number in numbers)
    return {"X-Webhook-Missed": told} if told else {}
