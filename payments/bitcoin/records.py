"""The node's answers as records: satoshi as whole numbers, times aware and in UTC. Whatever does not fit is a BadAnswer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from cryptons.money import to_satoshi
from payments.bitcoin.errors import BadAnswer

_P = ParamSpec("_P")
_R = TypeVar("_R")

_MAX_MONEY = 21_000_000
HEADERS_AHEAD = 2
"""So many blocks may be announced and not yet there without the node being behind."""
_INCOMING = frozenset({"receive", "generate", "immature", "orphan"})


@dataclass(frozen=True, slots=True)
class Received:
    """One output that pays us, an entry of `listsinceblock` or of `gettransaction`'s details.

    `confirmations` is 0 in the mempool or nowhere, negative when a block spent the same coins otherwise; `winners` are the transactions
    that took its place in the mempool, `rivals` those of our wallet that spend the same coins; `generated` marks a miner's reward.
    """

    txid: str
    vout: int
    address: str
    amount: int
    confirmations: int
    block_hash: str
    seen_at: datetime
    winners: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    generated: bool = False

    @property
    def outpoint(self) -> tuple[str, int]:
        """Return what names this output: transaction id and index."""
        return self.txid, self.vout


@dataclass(frozen=True, slots=True)
class Listing:
    """An answer of `listsinceblock`: what we received, ids of transactions whose block left the chain, the next cursor."""

    received: tuple[Received, ...]
    removed: frozenset[str]
    cursor: str


@dataclass(frozen=True, slots=True)
class WalletTransaction:
    """An answer of `gettransaction`. A transaction in conflict with a block (confirmations < 0) shows no outputs."""

    txid: str
    confirmations: int
    block_hash: str
    winners: tuple[str, ...]
    rivals: tuple[str, ...]
    generated: bool


@dataclass(frozen=True, slots=True)
class ChainInfo:
    """What `getblockchaininfo` tells: the network by its short name, the height, whether the node is still catching up.

    `peers` is the number of its `connections` (`getnetworkinfo`).
    """

    chain: str
    blocks: int
    headers: int
    initial_download: bool
    pruned: bool
    peers: int

    @property
    def is_current(self) -> bool:
        """Return whether the node can know of all that was sent: no block is missing, and it has peers (on regtest it needs none)."""
        if self.headers - self.blocks > HEADERS_AHEAD:
            return False
        return self.chain == "regtest" or (self.peers > 0 and not self.initial_download)


def _strict(parse: Callable[_P, _R]) -> Callable[_P, _R]:
    @wraps(parse)
    def wrapped(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return parse(*args, **kwargs)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, InvalidOperation) as error:
            raise BadAnswer(f"The node's answer does not fit {parse.__name__}: {error!r}") from error

    return wrapped


@_strict
def listing(answer: dict[str, Any]) -> Listing:
    """Parse an answer of `listsinceblock`. Raises BadAnswer."""
    return Listing(
        received=tuple(_received(entry) for entry in _incoming(answer["transactions"])),
        removed=frozenset(_hash(entry["txid"]) for entry in answer.get("removed", [])),
        cursor=_hash(answer["lastblock"]),
    )


@_strict
def wallet_transaction(answer: dict[str, Any]) -> WalletTransaction:
    """Parse an answer of `gettransaction`. Raises BadAnswer."""
    return WalletTransaction(
        txid=_hash(answer["txid"]),
        confirmations=_whole(answer["confirmations"]),
        block_hash=_hash(answer["blockhash"]) if "blockhash" in answer else "",
        winners=tuple(_hash(txid) for txid in answer.get("mempoolconflicts", ())),
        rivals=tuple(_hash(txid) for txid in answer.get("walletconflicts", ())),
        generated=bool(answer.get("generated", False)),
    )


@_strict
def chain_info(answer: dict[str, Any], network: dict[str, Any]) -> ChainInfo:
    """Parse the answers of `getblockchaininfo` and `getnetworkinfo`. Raises BadAnswer."""
    return ChainInfo(
        chain=_text(answer["chain"]),
        blocks=_whole(answer["blocks"]),
        headers=_whole(answer["headers"]),
        initial_download=bool(answer["initialblockdownload"]),
        pruned=bool(answer.get("pruned", False)),
        peers=_whole(network.get("connections", 0)),
    )


def _incoming(entries: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    return (entry for entry in entries if entry["category"] in _INCOMING and "address" in entry)


def _received(entry: dict[str, Any]) -> Received:
    return Received(
        txid=_hash(entry["txid"]),
        vout=_whole(entry["vout"]),
        address=_text(entry["address"], longest=120),
        amount=_amount(entry["amount"]),
        confirmations=_whole(entry["confirmations"]),
        block_hash=_hash(entry["blockhash"]) if "blockhash" in entry else "",
        seen_at=_first_seen(entry),
        winners=tuple(_hash(txid) for txid in entry.get("mempoolconflicts", ())),
        rivals=tuple(_hash(txid) for txid in entry.get("walletconflicts", ())),
        generated=bool(entry.get("generated", False)),
    )


def _first_seen(entry: dict[str, Any]) -> datetime:
    """Return when the wallet met this transaction: `timereceived`, or the earlier `time` of one found in a block afterwards."""
    return datetime.fromtimestamp(min(_whole(entry["timereceived"]), _whole(entry["time"])), tz=UTC)


def _amount(value: object) -> int:
    if not isinstance(value, int | Decimal) or not 0 <= value <= _MAX_MONEY:
        raise TypeError(f"not an amount: {value!r}")
    return to_satoshi(Decimal(value))


def _hash(value: object) -> str:
    text = _text(value, longest=64)
    int(text, 16)
    return text


def _text(value: object, *, longest: int = 40) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise TypeError(f"not a text of 1 to {longest} characters: {value!r:.100}")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"not a whole number: {value!r}")
    return value
