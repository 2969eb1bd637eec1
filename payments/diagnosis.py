"""What keeps the store from being paid, found before customers do: each finding says what is and what to do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings

from cryptons import clock
from cryptons.errors import RateUnavailable
from payments.bitcoin.configured import node
from payments.bitcoin.errors import (
    IN_WARMUP,
    WALLET_NOT_FOUND,
    NodeBusy,
    NodeError,
    NodeRefused,
    NodeUnreachable,
    UntrustedNode,
)
from payments.bitcoin.node import Node
from payments.bitcoin.records import HEADERS_AHEAD
from payments.health import SILENCE
from payments.models import Watcher
from payments.rates import current_quote


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is well, what it is like, and what to do where it is not."""

    is_well: bool
    text: str
    advice: str = ""


def examine() -> Iterator[Finding]:
    """Yield what there is to say about node, wallet, watcher and rate; what depends on a failed step is left out."""
    source = node()
    try:
        yield from _chain(source)
        yield from _wallet(source.wallet_info())
    except NodeError as error:
        yield Finding(False, error.message, _advice(error))
    yield _watching()
    yield _rate()


def _chain(source: Node) -> Iterator[Finding]:
    chain = source.chain()
    yield Finding(True, f"The node answers at {settings.BITCOIN_RPC_URL}: network {chain.chain}, block {chain.blocks}.")
    behind = chain.headers - chain.blocks
    if chain.initial_download or behind > HEADERS_AHEAD:
        text = f"The node is still catching up: {behind} blocks to go."
        yield Finding(False, text, "Wait until it is done; payments made meanwhile are found then.")
    if chain.pruned:
        yield Finding(
            True, "The node is pruned. That works; a wallet can be rescanned only as far back as its blocks go."
        )


def _wallet(info: Mapping[str, object]) -> Iterator[Finding]:
    name = settings.BITCOIN_RPC_WALLET
    if info.get("scanning"):
        yield Finding(
            False, f"The wallet {name!r} is being rescanned.", "Wait until it is done; answers are slow until then."
        )
        return
    if info.get("blank"):
        advice = "Import descriptors into it, or make a new wallet and name it in BITCOIN_RPC_WALLET."
        yield Finding(False, f"The wallet {name!r} is blank and cannot make addresses.", advice)
        return
    kind = "holds keys" if info.get("private_keys_enabled") else "watches only, so that its keys are safe elsewhere"
    yield Finding(True, f"The wallet {name!r} is loaded and {kind}.")


def _watching() -> Finding:
    watcher = Watcher.objects.filter(pk="BTC").first()
    start = "Start the worker (`make run` does), or `manage.py watch`."
    if watcher is None or watcher.last_ok_at is None:
        return Finding(False, "Nobody has looked for payments yet.", start)
    ago = clock.now() - watcher.last_ok_at
    if ago > SILENCE:
        return Finding(False, f"The last good look for payments was {int(ago.total_seconds())} seconds ago.", start)
    if watcher.last_error:
        advice = "The log tells more; the other payments go on, and this is tried again at every look."
        return Finding(False, f"The last look had trouble: {watcher.last_error}", advice)
    return Finding(True, f"Payments are looked for; the last good look was {int(ago.total_seconds())} seconds ago.")


def _rate() -> Finding:
    try:
        quote = current_quote(settings.CURRENCY)
    except RateUnavailable as error:
        told = str(error.__cause__ or error.message)
        return Finding(False, told, "See whether RATE_URL can be reached from here, and whether the worker runs.")
    if quote.source == "fixed":
        note = " A real shop wants a live one (RATE_SOURCE=kraken)." if settings.PRODUCTION else ""
        return Finding(True, f"One bitcoin is fixed at {quote.price} {settings.CURRENCY}.{note}")
    return Finding(True, f"One bitcoin is {quote.price} {settings.CURRENCY} ({quote.source}, {quote.at:%H:%M} UTC).")


def _advice(error: NodeError) -> str:
    """Return what to do about a node that did not answer as it should."""
    if error.code == IN_WARMUP:
        return "Wait; a node needs a while to start."
    if error.code == WALLET_NOT_FOUND:
        return f"Make it with: bitcoin-cli createwallet {settings.BITCOIN_RPC_WALLET}, or set BITCOIN_RPC_WALLET."
    by_kind: dict[type[NodeError], str] = {
        NodeUnreachable: "Is the node running, and does BITCOIN_RPC_URL name its address and port? Does rpcallowip let us in?",
        NodeBusy: "Wait; if it stays so, raise rpcworkqueue and rpcthreads in bitcoin.conf.",
        NodeRefused: "Compare BITCOIN_RPC_USER and BITCOIN_RPC_PASSWORD with rpcauth and rpcwhitelist in bitcoin.conf.",
        UntrustedNode: "Set BITCOIN_NETWORK and BITCOIN_RPC_URL so that they fit each other.",
    }
    return by_kind.get(type(error), "See the node's debug.log.")
