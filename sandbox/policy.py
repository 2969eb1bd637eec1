"""What the mempool lets in: Bitcoin Core's standardness, fee and replacement rules, with its reject reasons."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.address import dust_limit, kind_of
from sandbox.tx import COIN, MAX_MONEY, Tx

if TYPE_CHECKING:
    from sandbox.mempool import Mempool

RELAY_FEE = 1000
"""Satoshi per 1000 virtual bytes, for relay and as the step a replacement has to add."""
CHAIN_LIMIT = 25
CHAIN_SIZE_LIMIT = 101_000
REPLACEMENT_LIMIT = 100
MAX_STANDARD_WEIGHT = 400_000


class MempoolError(Exception):
    """The mempool refuses a transaction; `reason` and `detail` are the node's words."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}, {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


@dataclass
class Candidate:
    """A transaction on its way in; `fee` in satoshi."""

    tx: Tx
    fee: int
    conflicts: set[str]
    evicted: set[str] = field(default_factory=set)


def fee_for(vsize: int, rate: int = RELAY_FEE) -> int:
    """Satoshi for `vsize` virtual bytes at `rate` satoshi per 1000 of them, rounded up."""
    return -(-vsize * rate // 1000)


def money(satoshi: int) -> str:
    """Give an amount in the words of reject reasons: at least two decimals, no zeros beyond (Core's FormatMoney)."""
    text = f"{abs(satoshi) // COIN}.{abs(satoshi) % COIN:08d}"
    whole, decimals = text.split(".")
    sign = "-" if satoshi < 0 else ""
    return f"{sign}{whole}.{decimals[:2]}{decimals[2:].rstrip('0')}"


def check_alone(tx: Tx) -> None:
    """Rules that need nothing but the transaction."""
    if not tx.inputs:
        raise MempoolError("bad-txns-vin-empty")
    if not tx.outputs:
        raise MempoolError("bad-txns-vout-empty")
    if any(output.value > MAX_MONEY for output in tx.outputs) or tx.output_value > MAX_MONEY:
        raise MempoolError("bad-txns-vout-toolarge")
    if len({txin.outpoint for txin in tx.inputs}) != len(tx.inputs):
        raise MempoolError("bad-txns-inputs-duplicate")
    if tx.is_coinbase:
        raise MempoolError("coinbase")
    _check_standard(tx)


def _check_standard(tx: Tx) -> None:
    if not 1 <= tx.version <= 3:
        raise MempoolError("version")
    if tx.weight > MAX_STANDARD_WEIGHT:
        raise MempoolError("tx-size")
    if len(tx.stripped) < 65:
        raise MempoolError("tx-size-small")
    kinds = [kind_of(output.script).name for output in tx.outputs]
    if "nonstandard" in kinds:
        raise MempoolError("scriptpubkey")
    if any(output.value < dust_limit(output.script) for output in tx.outputs):
        raise MempoolError("dust")
    if kinds.count("nulldata") > 1:
        raise MempoolError("multi-op-return")


def check_fee(candidate: Candidate) -> None:
    """Give the least fee a transaction must pay to be passed on."""
    least = fee_for(candidate.tx.vsize)
    if candidate.fee < least:
        raise MempoolError("min relay fee not met", f"{candidate.fee} < {least}")


def check_chain_limits(pool: "Mempool", candidate: Candidate) -> None:
    """At most 25 unconfirmed transactions in a chain, counted from either end."""
    ancestors = pool.ancestors(candidate.tx)
    if ancestors & candidate.conflicts:
        first = sorted(ancestors & candidate.conflicts)[0]
        raise MempoolError(
            "bad-txns-spends-conflicting-tx", f"{candidate.tx.txid} spends conflicting transaction {first}"
        )
    if len(ancestors) >= CHAIN_LIMIT:
        raise MempoolError("too-long-mempool-chain", f"too many unconfirmed ancestors [limit: {CHAIN_LIMIT}]")
    if pool.total(ancestors)[1] + candidate.tx.vsize > CHAIN_SIZE_LIMIT:
        raise MempoolError("too-long-mempool-chain", f"exceeds ancestor size limit [limit: {CHAIN_SIZE_LIMIT}]")
    leaving = {gone for txid in candidate.conflicts for gone in pool.descendants(txid)}
    for txid in ancestors:
        if len(pool.descendants(txid) - leaving) >= CHAIN_LIMIT:
            raise MempoolError("too-long-mempool-chain", f"too many descendants for tx {txid} [limit: {CHAIN_LIMIT}]")


def check_replacement(pool: "Mempool", candidate: Candidate) -> set[str]:
    """Give the rules of BIP 125 without its opt-in; gives the ids that would leave."""
    tx, fee = candidate.tx, candidate.fee
    for txid in sorted(candidate.conflicts):
        _check_rate(pool, candidate, txid)
    leaving = {gone for txid in candidate.conflicts for gone in pool.descendants(txid)}
    if len(leaving) > REPLACEMENT_LIMIT:
        detail = (
            f"rejecting replacement {tx.txid}; too many potential replacements ({len(leaving)} > {REPLACEMENT_LIMIT})"
        )
        raise MempoolError("too many potential replacements", detail)
    known = {parent for txid in candidate.conflicts for parent in pool.parents(pool.entries[txid].tx)}
    added = sorted(pool.parents(tx) - known)
    if added:
        index = next(number for number, txin in enumerate(tx.inputs) if txin.txid in added)
        raise MempoolError("replacement-adds-unconfirmed", f"replacement {tx.txid} adds unconfirmed input, idx {index}")
    paid, _ = pool.total(leaving)
    if fee < paid:
        detail = f"rejecting replacement {tx.txid}, less fees than conflicting txs; {money(fee)} < {money(paid)}"
        raise MempoolError("insufficient fee", detail)
    step = fee_for(tx.vsize)
    if fee - paid < step:
        words = f"not enough additional fees to relay; {money(fee - paid)} < {money(step)}"
        raise MempoolError("insufficient fee", f"rejecting replacement {tx.txid}, {words}")
    return leaving


def _check_rate(pool: "Mempool", candidate: Candidate, txid: str) -> None:
    old = pool.entries[txid]
    new_rate = candidate.fee * 1000 // candidate.tx.vsize
    old_rate = old.fee * 1000 // old.tx.vsize
    if new_rate <= old_rate:
        rates = f"new feerate {rate_text(new_rate)} <= old feerate {rate_text(old_rate)}"
        raise MempoolError("insufficient fee", f"rejecting replacement {candidate.tx.txid}; {rates}")


def rate_text(rate: int) -> str:
    """Give a fee rate in the node's words."""
    return f"{rate // COIN}.{rate % COIN:08d} BTC/kvB"
