"""How every part of the store is, for the staff: asked at this moment, and never waited for long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from accounts.models import AccountMail
from cryptons import clock
from cryptons.models import Heartbeat
from cryptons.outbox import Backlog, backlog_of
from cryptons.probing import Component, Health, Probe, ask
from cryptons.tasks import WORKER
from orders.models import OutboxMessage, SalesMark
from orders.webhooks.delivering import switched_off
from orders.webhooks.delivering import waiting as waiting_webhooks
from payments.probes import coin_probes
from shop.models import SearchChange
from shop.search.choice import chosen_engine
from shop.search.engine import SearchUnavailable

SILENCE = timedelta(seconds=60)
"""After which a worker that beats every ten seconds counts as gone, and what is due as waiting too long."""


@dataclass(frozen=True, slots=True)
class StoreHealth:
    """How the store is as a whole: `down` where it cannot sell, `degraded` where any part is not well."""

    health: Health
    components: Mapping[str, Component]


def probes() -> dict[str, Probe]:
    """Return, by name, how to ask each part. A coin's node and price are among them as long as it is one of `PAYMENT_METHODS`."""
    return {"database": _database, "cache": _cache, "search": _search, "queue": _queue, **coin_probes()}


def health() -> StoreHealth:
    """Return how every part is."""
    components = ask(probes())
    return StoreHealth(_overall(components), components)


def _overall(components: Mapping[str, Component]) -> Health:
    if components["database"].health == Health.DOWN:
        return Health.DOWN
    return Health.OK if all(one.health == Health.OK for one in components.values()) else Health.DEGRADED


def _database() -> Component:
    Heartbeat.objects.filter(pk=WORKER).exists()
    return Component(facts={"engine": connection.vendor})


def _cache() -> Component:
    word = str(uuid4())
    key = f"health:{word}"
    cache.set(key, word, 10)
    facts = {"engine": "redis" if settings.CACHE_URL.startswith("redis") else "in process"}
    if cache.get(key) != word:
        return Component(Health.DOWN, "What was put in did not come out.", facts)
    cache.delete(key)
    return Component(facts=facts)


def _search() -> Component:
    engine = chosen_engine()
    facts: dict[str, object] = {"engine": engine.name, "documents": None, "waiting": SearchChange.objects.count()}
    try:
        state = engine.state()
    except SearchUnavailable as error:
        return Component(Health.DOWN, f"{error} The database searches instead.", facts)
    facts["documents"] = state.documents
    if not state.ready:
        return Component(
            Health.DEGRADED, state.detail or "The index is not ready. The database searches instead.", facts
        )
    return Component(facts=facts)


def _queue() -> Component:
    """Say whether schedule, queue and worker are alive, and whether what they have to do gets done."""
    now = clock.now()
    seen = Heartbeat.objects.filter(pk=WORKER).values_list("seen_at", flat=True).first()
    lists = {
        "mails": backlog_of(OutboxMessage.objects.all()) + backlog_of(AccountMail.objects.all()),
        "webhooks": backlog_of(waiting_webhooks()),
        "search": _search_backlog(),
    }
    facts = {"worker_seen_at": seen, "days_to_add_up": SalesMark.objects.count(), **lists}
    if seen is None or now - seen > SILENCE:
        return Component(Health.DOWN, "No worker was heard of for a minute. Start the store's worker.", facts)
    return _late(lists, facts, now)


def _search_backlog() -> Backlog:
    rows = SearchChange.objects.filter(applied_at=None).order_by("pk")
    return Backlog(rows.count(), rows.values_list("created_at", flat=True).first(), 0)


def _late(lists: Mapping[str, Backlog], facts: Mapping[str, object], now: datetime) -> Component:
    late = [name for name, one in lists.items() if one.oldest and now - one.oldest > SILENCE]
    if late:
        return Component(Health.DEGRADED, f"Waiting for more than a minute: {', '.join(late)}.", facts)
    if lists["mails"].failing:
        return Component(Health.DEGRADED, f"E-mails that could not be sent yet: {lists['mails'].failing}.", facts)
    off = switched_off()
    if off:
        return Component(
            Health.DEGRADED,
            f"Webhook endpoints that were switched off as they failed: {off}. Look at them in the admin.",
            facts,
        )
    return Component(facts=facts)
