"""What /admin/health answers."""

from typing import Any

from cryptons.api.fields import Choice, Moment, Shape, Text, Whole, told
from cryptons.dashboard.health import StoreHealth
from cryptons.outbox import Backlog
from cryptons.probing import Component, Health


class ComponentShape(Shape):
    """One part: how it is, how many milliseconds its answer took (null for none), and in words what is wrong ("" for nothing)."""

    status = Choice(Health.choices)
    latency_ms = Whole(allow_null=True)
    detail = Text()


class EngineShape(ComponentShape):
    """The database or the cache; `engine` is null where it gave no answer."""

    engine = Text(allow_null=True)


class SearchShape(ComponentShape):
    """The search; what is not known is null. `waiting` changes are not in the index yet."""

    engine = Text(allow_null=True)
    documents = Whole(allow_null=True)
    waiting = Whole(allow_null=True)


class BacklogShape(Shape):
    """How many wait, since when the oldest is due (null for none), and how many of them were tried before in vain."""

    waiting = Whole()
    oldest = Moment(allow_null=True)
    failing = Whole()


class QueueShape(ComponentShape):
    """The worker and what it has to do; what is not known is null."""

    worker_seen_at = Moment(allow_null=True)
    mails = BacklogShape(allow_null=True)
    webhooks = BacklogShape(allow_null=True)
    search = BacklogShape(allow_null=True)
    days_to_add_up = Whole(allow_null=True)


class KeptRatesShape(ComponentShape):
    """The price of bitcoin that is kept: where it comes from and how many seconds old it is; what is not known is null."""

    age_seconds = Whole(allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        """Return the fields; `source` is a word of DRF's own inside of a class."""
        return {**super().get_fields(), "source": Text(allow_null=True)}


class BitcoinShape(ComponentShape):
    """The Bitcoin node; what is not known is null. `lag` is how many blocks it has yet to read, `lookedAt` the last good look for money."""

    network = Text(allow_null=True)
    height = Whole(allow_null=True)
    lag = Whole(allow_null=True)
    peers = Whole(allow_null=True)
    looked_at = Moment(allow_null=True)


class ComponentsShape(Shape):
    """Every part. A coin's price and node are there as long as the store takes the coin."""

    database = EngineShape()
    cache = EngineShape()
    search = SearchShape()
    queue = QueueShape()
    rates = KeptRatesShape(required=False)
    bitcoin = BitcoinShape(required=False)


class HealthShape(Shape):
    """How the store is: `down` where it cannot sell, `degraded` where a part is not well."""

    status = Choice(Health.choices)
    components = ComponentsShape()

    example = {
        "status": "ok",
        "components": {
            "database": {"status": "ok", "latencyMs": 2, "detail": "", "engine": "postgresql"},
            "cache": {"status": "ok", "latencyMs": 1, "detail": "", "engine": "redis"},
            "search": {
                "status": "ok",
                "latencyMs": 3,
                "detail": "",
                "engine": "tantivy",
                "documents": 96,
                "waiting": 0,
            },
            "queue": {
                "status": "ok",
                "latencyMs": 6,
                "detail": "",
                "workerSeenAt": "2026-03-29T12:00:04Z",
                "mails": {"waiting": 1, "oldest": "2026-03-29T12:00:06Z", "failing": 0},
                "webhooks": {"waiting": 0, "oldest": None, "failing": 0},
                "search": {"waiting": 0, "oldest": None, "failing": 0},
                "daysToAddUp": 0,
            },
            "rates": {"status": "ok", "latencyMs": 1, "detail": "", "source": "kraken", "ageSeconds": 23},
            "bitcoin": {
                "status": "ok",
                "latencyMs": 12,
                "detail": "",
                "network": "main",
                "height": 942107,
                "lag": 0,
                "peers": 11,
                "lookedAt": "2026-03-29T12:00:06Z",
            },
        },
    }


def health_data(found: StoreHealth) -> dict[str, Any]:
    """Return the store's health as the API shows it."""
    fields = ComponentsShape().fields
    components = {name: _told(one, fields[name]) for name, one in found.components.items()}
    return told(HealthShape, {"status": found.health, "components": components})


def _told(one: Component, shape: Any) -> dict[str, Any]:
    known = {"status": one.health, "latency_ms": one.latency_ms, "detail": one.detail, **one.facts}
    facts = {name: _plain(value) for name, value in known.items()}
    return {**dict.fromkeys(field.source for field in shape.fields.values()), **facts}


def _plain(value: Any) -> Any:
    if isinstance(value, Backlog):
        return {"waiting": value.waiting, "oldest": value.oldest, "failing": value.failing}
    return value
