"""How long the record of webhooks is kept."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from cryptons import clock
from orders.models import WebhookDelivery, WebhookEndpoint

KEPT = timedelta(days=30)
_AT_ONCE = 500
_Old = tuple[datetime, UUID, datetime | None, UUID]


def forget_old() -> int:
    """Delete deliveries that are a month old with their tries, unless they are still being sent; return how many.

    What waits for an endpoint that is switched off, or deleted, is not being sent. Looks at each old row once, 500 at a time, and at none
    that is younger.
    """
    told = set(WebhookEndpoint.objects.filter(is_active=True).values_list("pk", flat=True))
    gone = 0
    for rows in _old(clock.now() - KEPT):
        keys = [key for _, key, due, endpoint in rows if due is None or endpoint not in told]
        WebhookDelivery.objects.filter(pk__in=keys).delete()
        gone += len(keys)
    return gone


def _old(until: datetime) -> Iterator[list[_Old]]:
    """Yield what was written down before `until` in batches, the oldest first, each beginning where the one before ended."""
    left = WebhookDelivery.objects.filter(created_at__lt=until).order_by("created_at", "pk")
    columns = "created_at", "pk", "next_attempt_at", "endpoint_id"
    rows: list[_Old] = list(left.values_list(*columns)[:_AT_ONCE])
    while rows:
        yield rows
        moment, key, *_ = rows[-1]
        later = left.filter(Q(created_at__gt=moment) | Q(pk__gt=key), created_at__gte=moment)
        rows = list(later.values_list(*columns)[:_AT_ONCE])
