from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import hypothesis
import pytest

from cryptons import clock
from payments import rates
from payments.bitcoin import configured
from payments.watcher import lease
from tests.payments import listening
from tests.payments.world import Chain, ShiftedClock, Shop

# A slow machine is no reason to fail a property.
hypothesis.settings.register_profile("store", deadline=None)
hypothesis.settings.load_profile("store")

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
    lease.forget()
    configured._node.cache_clear()
    yield
    configured._node.cache_clear()


@pytest.fixture
def heard(settings: object) -> list:
    """All updates the listener was told, in order."""
    listening.clear()
    settings.PAYMENT_LISTENER = "tests.payments.listening.hear"
    return listening.updates


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> ShiftedClock:
    shifted = ShiftedClock()
    monkeypatch.setattr(clock, "now", shifted.now)
    return shifted


@pytest.fixture(params=["sandbox", pytest.param("real", marks=pytest.mark.node)])
def chain(request: pytest.FixtureRequest, settings: object) -> Chain:
    """A node with a customer, as the store's node: the sandbox, and a real one where it is installed."""
    client = request.getfixturevalue("sandbox_node" if request.param == "sandbox" else "real_node")
    use(settings, client)
    return Chain(client)


def use(settings: object, client: object) -> None:
    settings.BITCOIN_RPC_URL = client.url
    settings.BITCOIN_RPC_USER = client.user
    settings.BITCOIN_RPC_PASSWORD = client.password


@pytest.fixture
def shop(chain: Chain, time: ShiftedClock, db: None, heard: list) -> Shop:
    """A store that has looked at its node once, so that it has a cursor."""
    made = Shop(chain, time)
    made.tick()
    return made
