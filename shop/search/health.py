"""How search is, in a few numbers."""

import time
from dataclasses import dataclass
from datetime import timedelta

from cryptons import clock
from shop.models import SearchChange
from shop.search.choice import chosen_engine
from shop.search.engine import SearchUnavailable, State

LATE = timedelta(minutes=1)
"""A change that waits longer than this is a sign of trouble."""


@dataclass(frozen=True, slots=True)
class Health:
    """`status`: `ok`; `degraded` while the database answers in the engine's place or changes wait too long.

    `latency_ms` is what one question took, `documents` how many products the index holds, `waiting` how many changes it has not caught
    up with, and `lag_seconds` how long the oldest of them has waited.
    """

    status: str
    engine: str
    latency_ms: float
    documents: int
    waiting: int
    lag_seconds: float
    detail: str = ""


def health() -> Health:
    """Return how search is. Asks the engine one question and never raises for what the engine does."""
    engine = chosen_engine()
    began = time.perf_counter()
    try:
        state = engine.state()
    except SearchUnavailable as error:
        state = State(ready=False, detail=str(error))
    latency = (time.perf_counter() - began) * 1000
    oldest = SearchChange.objects.order_by("pk").values_list("created_at", flat=True).first()
    lag = max((clock.now() - oldest).total_seconds(), 0.0) if oldest else 0.0
    late = lag > LATE.total_seconds()
    return Health(
        status="ok" if state.ready and not late else "degraded",
        engine=engine.name,
        latency_ms=round(latency, 2),
        documents=state.documents,
        waiting=SearchChange.objects.count() if oldest else 0,
        lag_seconds=round(lag, 1),
        detail=state.detail or ("Changes wait for the worker." if late else ""),
    )
