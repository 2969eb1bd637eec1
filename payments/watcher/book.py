"""Writing what was seen of one payment: its transfers, then the payment itself, in one transaction under the lease."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptons import clock
from cryptons.db import atomic
from payments import ledger
from payments.bitcoin.node import Look
from payments.bitcoin.records import Received
from payments.models import Payment, Transfer, TransferState
from payments.status import PaymentStatus
from payments.watcher.lease import Lease
from payments.watcher.observe import MEMPOOL_EXPIRY, Observed, is_final, observe

_TRIES = 3
_WRITTEN = ["state", "confirmations", "block_hash", "replaced_by", "is_final", "updated_at"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one look at the node showed: entries by outpoint, closer looks by transaction id, when it was asked, how deep is final.

    `behind`: what it does not show means nothing, since the node is catching up or the wallet is not the one that saw our money.
    """

    entries: Mapping[tuple[str, int], Received]
    looks: Mapping[str, Look]
    asked_at: datetime
    depth: int
    behind: bool


def record(
    lease: Lease, payment: Payment, transfers: list[Transfer], entries: Iterable[Received], sighting: Sighting
) -> bool:
    """Write what was seen of `payment`; return whether anything changed. `entries` are those that pay it, `transfers` all it has.

    Raises LeaseLost, and whatever the listener raises: then nothing of this payment is written.
    """
    for _ in range(_TRIES):
        new, changed = _seen_anew(payment, transfers, entries, sighting)
        rows = [*transfers, *new]
        moment = _moment(payment, sighting)
        if not new and not changed and not ledger.differs(payment, rows, moment=moment):
            return False
        try:
            with atomic():
                lease.hold()
                for row in new:
                    row.save(force_insert=True)
                for row in changed:
                    row.save(update_fields=_WRITTEN)
                ledger.write(payment, rows, moment=moment)
        except ledger.ChangedMeanwhile:
            payment = Payment.objects.get(pk=payment.pk)
            transfers = list(payment.transfers.all())
            continue
        return True
    raise ledger.ChangedMeanwhile(str(payment.pk))


def is_forgotten(row: Transfer, sighting: Sighting) -> bool:
    """Return whether the wallet knows nothing of money that it showed before.

    Then it is another wallet, or an old copy of ours, and its word against the money counts for nothing, for as long as a node keeps
    an unconfirmed transaction.
    """
    look = sighting.looks.get(row.txid)
    if look is None or look.transaction is not None or look.in_mempool:
        return False
    return row.state in ledger.ALIVE and sighting.asked_at - row.seen_at <= MEMPOOL_EXPIRY


def _seen_anew(
    payment: Payment, transfers: list[Transfer], entries: Iterable[Received], sighting: Sighting
) -> tuple[list[Transfer], list[Transfer]]:
    """Return the transfers that were not known yet, and those of `transfers` that changed; `transfers` are brought up to date."""
    changed = [row for row in transfers if _update(payment, row, sighting)]
    known = {(row.txid, row.vout) for row in transfers}
    new = [_first_seen(payment, entry, sighting) for entry in entries if entry.outpoint not in known]
    _inherit(payment, [*transfers, *new], new, sighting)
    return new, changed


def _update(payment: Payment, row: Transfer, sighting: Sighting) -> bool:
    """Bring `row` up to date; return whether it changed."""
    entry = sighting.entries.get((row.txid, row.vout))
    look = sighting.looks.get(row.txid)
    if (entry is None and look is None) or is_forgotten(row, sighting):
        return False
    observed = observe(entry, look)
    if row.is_final and observed.state == row.state:
        return False
    if sighting.behind and row.state == TransferState.CONFIRMED and observed.state == TransferState.MISSING:
        # The node is catching up with blocks it already had; what was confirmed will be again.
        return False
    before = _shown(row)
    _show(payment, row, observed, sighting)
    if _shown(row) == before:
        return False
    row.updated_at = clock.now()
    return True


def _first_seen(payment: Payment, entry: Received, sighting: Sighting) -> Transfer:
    row = Transfer(
        payment=payment,
        coin=payment.coin,
        txid=entry.txid,
        vout=entry.vout,
        address=entry.address,
        amount=entry.amount,
        seen_at=min(entry.seen_at, sighting.asked_at),
    )
    _show(payment, row, observe(entry, sighting.looks.get(entry.txid)), sighting)
    return row


def _show(payment: Payment, row: Transfer, observed: Observed, sighting: Sighting) -> None:
    row.state = observed.state
    row.confirmations = observed.confirmations
    row.block_hash = observed.block_hash
    row.replaced_by = observed.replaced_by
    depth = max(sighting.depth, payment.required_confirmations)
    row.is_final = is_final(observed, depth, row.seen_at, sighting.asked_at)


def _shown(row: Transfer) -> tuple[object, ...]:
    return row.state, row.confirmations, row.block_hash, row.replaced_by, row.is_final


def _inherit(payment: Payment, rows: list[Transfer], new: list[Transfer], sighting: Sighting) -> None:
    """Let a replacement count from when the transaction it replaced was seen: raising the fee makes nobody late.

    It has to be one that paid this payment no less, or enough; else a small payment in time would hold the price for a large late one.
    """
    paid: dict[str, int] = defaultdict(int)
    seen_at: dict[str, datetime] = {}
    for row in rows:
        paid[row.txid] += row.amount
        seen_at[row.txid] = min(row.seen_at, seen_at.get(row.txid, row.seen_at))
    for row in sorted(new, key=lambda one: one.seen_at):
        entry = sighting.entries[row.txid, row.vout]
        needed = min(paid[row.txid], payment.amount - payment.tolerance)
        earlier = [seen_at[txid] for txid in entry.rivals if paid.get(txid, 0) >= max(needed, 1)]
        row.seen_at = min([row.seen_at, *earlier])
        seen_at[row.txid] = min(row.seen_at, seen_at[row.txid])


def _moment(payment: Payment, sighting: Sighting) -> datetime:
    """Return the time to evaluate at: that of the question, but nothing expires on the word of a node that is catching up."""
    over = payment.status in {PaymentStatus.EXPIRED, PaymentStatus.INVALID}
    return sighting.asked_at if over or not sighting.behind else min(sighting.asked_at, payment.expires_at)
