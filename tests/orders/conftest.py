import pytest

from payments.bitcoin import configured


@pytest.fixture
def node(sandbox_node, settings):
    """The sandbox as the node this store is configured for."""
    settings.BITCOIN_RPC_URL = sandbox_node.url
    configured._node.cache_clear()
    yield sandbox_node
    configured._node.cache_clear()
