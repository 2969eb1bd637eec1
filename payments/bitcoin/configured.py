"""The node that the settings name, one client a process."""

from functools import lru_cache

from django.conf import settings

from payments.bitcoin.node import Node, Trust
from payments.bitcoin.rpc import RpcClient


def node() -> Node:
    """Return the store's node; the same object as long as the settings stay the same, so that its connections are kept."""
    return _node(
        settings.BITCOIN_RPC_URL,
        settings.BITCOIN_RPC_USER,
        settings.BITCOIN_RPC_PASSWORD,
        settings.BITCOIN_RPC_WALLET,
        settings.BITCOIN_RPC_TIMEOUT,
        Trust(network=settings.BITCOIN_NETWORK, allow_sandbox=not settings.PRODUCTION),
    )


@lru_cache(maxsize=8)
def _node(url: str, user: str, password: str, wallet: str, timeout: float, trust: Trust) -> Node:
    return Node(RpcClient(url, user, password, timeout=timeout), wallet, trust)
