"""How long the record of webhooks is kept."""

from datetime import timedelta

from cryptons import clock
from orders.models import WebhookAttempt, WebhookDelivery

KEPT = timedelta(days=30)
_AT_ONCE = 500


def forget_old() -> int:
    """Delete deliveries that are a month old with their tries, unless they are still being sent; return how many.

    What waits for an endpoint that is switched off is not being sent.
    """
    old = WebhookDelivery.objects.filter(created_at__lt=clock.now() - KEPT).order_by("created_at")
    gone = 0
    for rows in (old.filter(next_attempt_at=None), old.filter(endpoint__is_active=False)):
        while keys := list(rows.values_list("pk", flat=True)[:_AT_ONCE]):
            WebhookAttempt.objects.filter(delivery_id__in=keys).delete()
            WebhookDelivery.objects.filter(pk__in=keys).delete()
            gone += len(keys)
    return gone
