"""The watcher: one look at the node for the whole shop, and what follows from it for each payment.

A tick may end at any line: all it wrote stands by itself, the cursor is stored last, and the next tick asks from the same place again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import TypeVar

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError

from cryptons import clock
from payments.bitcoin.configured import node
from payments.bitcoin.errors import NodeError
from payments.bitcoin.node import Node
from payments.bitcoin.records import Received
from payments.ledger import ALIVE
from payments.models import Payment, PaymentOption, Transfer
from payments.status import PaymentStatus
from payments.watcher.book import Sighting, is_forgotten, record
from payments.watcher.lease import Lease, LeaseLost, claim
from payments.watcher.observe import needs_look
from payments.watcher.reading import Reading, read

logger = structlog.get_logger(__name__)

COIN = "BTC"
_K = TypeVar("_K")
_CHUNK = 500
_STRANGERS = 10_000

# Outputs to addresses that belong to no payment, so that each is logged once by a process.
_strangers: set[tuple[str, int]] = set()


@dataclass(frozen=True, slots=True)
class TickReport:
    """What a tick did. `outcome`: done, busy (another one is looking), lost (it was too slow), or failed (`error` tells why)."""

    outcome: str
    listed: int = 0
    changed: int = 0
    failed: int = 0
    behind: bool = False
    error: str = ""


@dataclass(slots=True)
class _Case:
    """One payment that a tick has to do with: its stored transfers, and the entries that pay it."""

    payment: Payment
    transfers: list[Transfer] = field(default_factory=list)
    entries: list[Received] = field(default_factory=list)


def depth() -> int:
    """Return at how many confirmations a transfer is final: the most that any payment needs, and the margin for reorganisations."""
    return max(settings.PAYMENT_CONFIRMATIONS.values()) + settings.PAYMENT_REORG_MARGIN


def tick() -> TickReport:
    """Look at the node once and write what became of every payment that it concerns. Safe to call at any time and anywhere at once."""
    lease = claim(COIN, clock.now())
    if lease is None:
        return TickReport("busy")
    try:
        return _look(node(), lease)
    except LeaseLost:
        logger.warning("watcher_overtaken", coin=COIN)
        return TickReport("lost")
    except NodeError as error:
        logger.warning("node_trouble", reason=error.message, code=error.code, http_status=error.http_status)
        return _failed(lease, error.message)
    except Exception as error:
        _failed(lease, repr(error))
        raise


def _failed(lease: Lease, message: str) -> TickReport:
    try:
        lease.fail(message)
    except LeaseLost:
        return TickReport("lost", error=message)
    return TickReport("failed", error=message)


def _look(source: Node, lease: Lease) -> TickReport:
    asked_at = clock.now()
    reading = read(source, lease, depth())
    listed = reading.listing.received
    cases = _cases(asked_at, reading)
    sighting = Sighting(
        entries={entry.outpoint: entry for entry in listed},
        looks=source.look(_unclear(cases, reading)) if cases else {},
        asked_at=asked_at,
        depth=depth(),
        behind=reading.behind or (_is_time_up(cases, asked_at) and not source.chain().is_current),
    )
    trouble = _forgotten(cases, sighting)
    if trouble:
        # What this wallet does not show means nothing, so nothing expires because of it.
        sighting = replace(sighting, behind=True)
    changed, failures = _write(lease, cases, sighting)
    if failures:
        trouble = f"{len(failures)} payments could not be written: {failures[0]}"
    # In trouble the cursor stays, so that the next tick is told of the same again.
    stays = failures or (trouble and not reading.from_start)
    lease.finish(lease.place if stays else reading.place, trouble=trouble)
    return TickReport("done", len(listed), changed, len(failures), sighting.behind)


def _is_time_up(cases: Iterable[_Case], asked_at: datetime) -> bool:
    """Return whether this look may end the wait for a payment; it must not be that of a node which cannot know what was sent."""
    waiting = {PaymentStatus.NEW, PaymentStatus.SEEN}
    payments = (case.payment for case in cases if case.payment.status in waiting)
    return any(one.expires_at < asked_at and one.received < one.amount - one.tolerance for one in payments)


def _cases(asked_at: datetime, reading: Reading) -> list[_Case]:
    """Return the payments to deal with: those that are due by themselves, and those that the answer speaks of."""
    due = Payment.objects.filter(coin=COIN, watch_at__lte=asked_at)
    cases = {payment.pk: _Case(payment) for payment in due}
    for payment, entry in _paid(reading.listing.received):
        cases.setdefault(payment.pk, _Case(payment)).entries.append(entry)
    for part in _parts(reading.listing.removed):
        for row in Transfer.objects.filter(coin=COIN, txid__in=part).select_related("payment"):
            cases.setdefault(row.payment_id, _Case(row.payment))
    for payments in _parts(cases):
        for row in Transfer.objects.filter(payment__in=payments):
            cases[row.payment_id].transfers.append(row)
    return list(cases.values())


def _paid(entries: Iterable[Received]) -> Iterator[tuple[Payment, Received]]:
    """Yield each entry with the payment whose address it pays; one that pays none of ours is logged once."""
    by_address: dict[str, list[Received]] = defaultdict(list)
    for entry in entries:
        by_address[entry.address].append(entry)
    for part in _parts(by_address):
        for option in PaymentOption.objects.filter(address__in=part).select_related("payment"):
            for entry in by_address.pop(option.address):
                yield option.payment, entry
    for entry in (one for rest in by_address.values() for one in rest):
        _log_stranger(entry)


def _log_stranger(entry: Received) -> None:
    if entry.outpoint in _strangers:
        return
    if len(_strangers) >= _STRANGERS:
        _strangers.clear()
    _strangers.add(entry.outpoint)
    logger.warning(
        "money_for_no_payment", txid=entry.txid, vout=entry.vout, address=entry.address, satoshi=entry.amount
    )


def _unclear(cases: Iterable[_Case], reading: Reading) -> set[str]:
    """Return ids of the transactions to look at closely: what the listing lacks, and what it does not tell apart.

    A payment whose coins a block spent otherwise just vanishes from the listing, so what is missing has to be asked for.
    """
    listed = {entry.outpoint: entry for entry in reading.listing.received}
    unclear: set[str] = set()
    for case in cases:
        given_up = {(row.txid, row.vout) for row in case.transfers if row.is_final and row.state not in ALIVE}
        unclear |= {entry.txid for entry in case.entries if needs_look(entry) and entry.outpoint not in given_up}
        for row in case.transfers:
            absent = (row.txid, row.vout) not in listed
            if absent and (not row.is_final or row.txid in reading.listing.removed):
                unclear.add(row.txid)
    return unclear


def _forgotten(cases: Iterable[_Case], sighting: Sighting) -> str:
    """Return in words that the wallet does not know money which it showed before, "" where it does."""
    txids = sorted({row.txid for case in cases for row in case.transfers if is_forgotten(row, sighting)})
    if not txids:
        return ""
    logger.error("wallet_forgot_money", transactions=len(txids), first=txids[0])
    return f"The wallet does not know {len(txids)} transactions that it showed before, such as {txids[0]}: is it the right one?"


def _write(lease: Lease, cases: Iterable[_Case], sighting: Sighting) -> tuple[int, list[str]]:
    """Write each payment in a transaction of its own; return how many changed, and what went wrong with which.

    Raises OperationalError or InterfaceError where the database itself is away: then no payment can be written.
    """
    changed, failures = 0, []
    for case in cases:
        try:
            changed += record(lease, case.payment, case.transfers, case.entries, sighting)
        except (LeaseLost, OperationalError, InterfaceError):
            raise
        except Exception as error:
            # Whatever is wrong with this one must not keep the money of the others from being seen.
            logger.exception("payment_not_written", payment=str(case.payment.pk))
            failures.append(f"{case.payment.pk}: {error!r}")
    return changed, failures


def _parts(keys: Iterable[_K]) -> Iterator[list[_K]]:
    """Yield the keys in lists that fit into one query."""
    rest = iter(list(keys))
    while part := list(islice(rest, _CHUNK)):
        yield part
