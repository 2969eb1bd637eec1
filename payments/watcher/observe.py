"""From what the node says about an output to what became of it: pure functions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from payments.bitcoin.node import Look
from payments.bitcoin.records import Received, WalletTransaction
from payments.models import TransferState

COINBASE_MATURITY = 100
"""Blocks on top of a miner's reward before it can be spent (consensus rule); only from there on its confirmations count."""
MEMPOOL_EXPIRY = timedelta(hours=336)
"""After this time a node drops an unconfirmed transaction (`-mempoolexpiry`); one that is dead until then is not asked for again."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What became of an output: its state, depth (negative: that deep is the block that spent its coins otherwise), who replaced it."""

    state: TransferState
    confirmations: int = 0
    block_hash: str = ""
    replaced_by: str = ""


def observe(entry: Received | None, look: Look | None) -> Observed:
    """Return what became of an output, from its entry in the listing and a closer look; the look is the later and wins.

    An entry with 0 confirmations needs a look: it may be in the mempool, replaced, or nowhere, and the listing shows them alike.
    """
    if look is None:
        return Observed(TransferState.MISSING) if entry is None else _of(entry, in_mempool=False)
    if look.transaction is None:
        return Observed(TransferState.PENDING if look.in_mempool else TransferState.MISSING)
    return _of(look.transaction, in_mempool=look.in_mempool)


def needs_look(entry: Received) -> bool:
    """Return whether the entry alone does not tell: unconfirmed ones are listed for ever, whatever became of them."""
    return entry.confirmations <= 0


def is_final(observed: Observed, depth: int, seen_at: datetime, now: datetime) -> bool:
    """Return whether nothing but a listing of it can change this any more: `depth` blocks for or against it, or dead for too long."""
    if observed.state == TransferState.CONFIRMED:
        return observed.confirmations >= depth
    if observed.state == TransferState.PENDING:
        return False
    return observed.confirmations <= -depth or now - seen_at > MEMPOOL_EXPIRY


def _of(known: Received | WalletTransaction, *, in_mempool: bool) -> Observed:
    depth = known.confirmations
    if depth > 0:
        counted = max(depth - COINBASE_MATURITY, 0) if known.generated else depth
        return Observed(TransferState.CONFIRMED, counted, known.block_hash)
    winner = next(iter(known.winners or known.rivals), "")
    if depth < 0 or known.generated:
        return Observed(TransferState.CONFLICTED, depth, replaced_by=winner)
    if in_mempool:
        return Observed(TransferState.PENDING)
    if known.winners:
        return Observed(TransferState.REPLACED, replaced_by=winner)
    return Observed(TransferState.MISSING)
