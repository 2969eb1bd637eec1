from datetime import timedelta

import pytest

from cryptons import clock
from payments.bitcoin import configured


@pytest.fixture
def node(sandbox_node, settings):
    """The sandbox as the node this store is configured for."""
    settings.BITCOIN_RPC_URL = sandbox_node.url
    configured._node.cache_clear()
    yield sandbox_node
    configured._node.cache_clear()


@pytest.fixture
def time(monkeypatch):
    """The store's time, which the test moves on."""

    class Time:
        ahead = timedelta()

        def on(self, **delta):
            self.ahead += timedelta(**delta)

    moved, real = Time(), clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + moved.ahead)
    return moved
