from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from cryptons import clock
from payments import rates
from payments.bitcoin import configured
from tests.payments import listening

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class Clock:
    """The store's time, moved by the test."""

    def __init__(self) -> None:
        self.time = START

    def advance(self, **delta: float) -> datetime:
        self.time += timedelta(**delta)
        return self.time


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Clock:
    watch = Clock()
    monkeypatch.setattr(clock, "now", lambda: watch.time)
    return watch


@pytest.fixture(autouse=True)
def _fresh_process() -> Iterator[None]:
    """Each test starts with what a new process remembers: nothing."""
    rates.forget()
    configured._node.cache_clear()
    yield
    configured._node.cache_clear()


@pytest.fixture
def heard(settings: object) -> list:
    """All updates the listener was told, in order."""
    listening.clear()
    settings.PAYMENT_LISTENER = "tests.payments.listening.hear"
    return listening.updates
