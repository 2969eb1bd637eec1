"""How the nodes and the prices of the coins are, asked at this moment: for the staff's view of the store's health."""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings

from cryptons.probing import Component, Health, Probe
from payments.bitcoin.configured import node
from payments.bitcoin.errors import NodeError
from payments.health import is_watched, last_good_look
from payments.methods import methods
from payments.rates import newest_quote

_TWO_FETCHES = timedelta(minutes=2)
"""The worker fetches the price once a minute; one that did not come is no trouble yet."""
_LOOK = "See whether RATE_URL can be reached from here, and whether the worker runs."


def coin_probes() -> dict[str, Probe]:
    """Return, by name, how to ask for the price and the node of each coin that is offered."""
    offered = {method.coin for method in methods()}
    return {name: probe for coin, probes in _PROBES.items() if coin in offered for name, probe in probes.items()}


def _rates() -> Component:
    """Look at the price that is kept. The source is not asked: that is the worker's to do."""
    quote = newest_quote(settings.CURRENCY)
    if quote is None:
        nothing = {"source": settings.RATE_SOURCE, "age_seconds": None}
        return Component(Health.DOWN, f"No price of bitcoin is known: none was ever fetched. {_LOOK}", nothing)
    facts = {"source": quote.source, "age_seconds": int(quote.age.total_seconds())}
    if not quote.is_fresh:
        told = f"The last price of bitcoin is from {quote.at:%Y-%m-%d %H:%M} UTC. No order can be placed at it."
        return Component(Health.DOWN, f"{told} {_LOOK}", facts)
    if quote.age > max(settings.RATE_MAX_AGE / 2, _TWO_FETCHES):
        told = "The price of bitcoin is getting old; nothing is sold at one older than RATE_MAX_AGE."
        return Component(Health.DEGRADED, f"{told} {_LOOK}", facts)
    return Component(facts=facts)


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


_PROBES: Mapping[str, Mapping[str, Probe]] = {"BTC": {"rates": _rates, "bitcoin": _bitcoin}}
