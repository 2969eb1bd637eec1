"""Asking several things at once how they are, without waiting long for any: each in a thread of its own.

What does not answer in time counts as down. Its thread goes on until its own time-outs end it, and meanwhile no second one is started, so
that asking often does not pile up what hangs.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import Event, Lock, Thread
from typing import Any

import structlog
from django.db import connections, models

log = structlog.get_logger(__name__)

WITHIN = 2.0
"""Seconds until something counts as not answering."""


class Health(models.TextChoices):
    """How something is: `degraded` works with something missing."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Component:
    """How one part is: `detail` in words for the operator ("" where all is well), `facts` by name, how long the answer took."""

    health: Health = Health.OK
    detail: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    latency_ms: int | None = None


Probe = Callable[[], Component]


def ask(probes: Mapping[str, Probe], *, within: float = WITHIN) -> dict[str, Component]:
    """Return what each probe answered within so many seconds."""
    questions = {name: _question(name, probe) for name, probe in probes.items()}
    until = time.monotonic() + within
    return {name: question.answer_by(until, within) for name, question in questions.items()}


class _Question:
    def __init__(self, name: str, probe: Probe) -> None:
        self.done = Event()
        self._name, self._probe = name, probe
        self._answer = Component(Health.DOWN, "It gave no answer.")
        Thread(target=self._ask, name=f"health-{name}", daemon=True).start()

    def answer_by(self, until: float, within: float) -> Component:
        if self.done.wait(max(until - time.monotonic(), 0)):
            return self._answer
        return Component(Health.DOWN, f"No answer within {within:g} seconds.")

    def _ask(self) -> None:
        began = time.perf_counter()
        try:
            answer = self._probe()
        except Exception as error:
            # Whatever it is that went wrong in there: that is the answer. The log has the whole of it.
            log.warning("health.probe_failed", component=self._name, error=repr(error))
            answer = Component(Health.DOWN, f"It answers with an error ({type(error).__name__}); the log has more.")
        finally:
            connections.close_all()
        self._answer = replace(answer, latency_ms=round((time.perf_counter() - began) * 1000))
        self.done.set()


_asked: dict[str, _Question] = {}
_lock = Lock()


def _question(name: str, probe: Probe) -> _Question:
    with _lock:
        known = _asked.get(name)
        if known is None or known.done.is_set():
            known = _asked[name] = _Question(name, probe)
        return known
