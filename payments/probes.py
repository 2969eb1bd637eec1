"""How the nodes are, asked at this moment: for the staff's view of the store's health."""

from collections.abc import Mapping

from cryptons.probing import Component, Health, Probe
from payments.bitcoin.configured import node
from payments.bitcoin.errors import NodeError
from payments.health import is_watched, last_good_look
from payments.methods import methods


def node_probes() -> dict[str, Probe]:
    """Return, by the network's name, how to ask the node of each coin that is offered."""
    offered = {method.coin for method in methods()}
    return {name: probe for coin, (name, probe) in _PROBES.items() if coin in offered}


def _bitcoin() -> Component:
    """Ask the node where the chain is, and look whether payments are looked for."""
    looked = {"looked_at": last_good_look("BTC")}
    try:
        chain = node().chain()
    except NodeError as error:
        return Component(Health.DOWN, error.message, looked)
    facts = {
        **looked,
        "network": chain.chain,
        "height": chain.blocks,
        "lag": max(chain.headers - chain.blocks, 0),
        "peers": chain.peers,
    }
    if not chain.is_current:
        return Component(Health.DEGRADED, "The node is still catching up, or has no peers.", facts)
    if not is_watched("BTC"):
        return Component(Health.DEGRADED, "Nobody has looked for payments within the last minute.", facts)
    return Component(facts=facts)


_PROBES: Mapping[str, tuple[str, Probe]] = {"BTC": ("bitcoin", _bitcoin)}
