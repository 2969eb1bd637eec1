"""What a payment's stored transfers amount to, written to the payment: the one place where status and money of a payment change."""

from collections.abc import Iterable
from datetime import UTC, datetime

from cryptons import clock
from cryptons.db import guarded_update
from payments import seam
from payments.models import Payment, Transfer, TransferState
from payments.status import Facts, PaymentStatus, Seen, Verdict, counts, evaluate

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""`watch_at` of a payment whose transfers are not final: due at every look."""

ALIVE = frozenset({TransferState.PENDING, TransferState.CONFIRMED})
"""States in which a transfer is money that came or is coming."""


class ChangedMeanwhile(Exception):
    """Another writer changed the payment since it was read; look again."""


def facts_of(payment: Payment) -> Facts:
    """Return what was agreed."""
    return Facts(
        amount=payment.amount,
        tolerance=payment.tolerance,
        required_confirmations=payment.required_confirmations,
        expires_at=payment.expires_at,
        accepted=payment.accepted_at is not None,
        accepted_amount=payment.accepted_amount,
    )


def seen_of(transfer: Transfer) -> Seen:
    """Return a stored transfer as the evaluation sees it."""
    lost = transfer.state == TransferState.MISSING and not transfer.is_final
    return Seen(
        amount=transfer.amount,
        confirmations=max(transfer.confirmations, 0),
        seen_at=transfer.seen_at,
        alive=transfer.state in ALIVE,
        lost_at=transfer.updated_at if lost else None,
    )


def differs(payment: Payment, transfers: Iterable[Transfer], *, moment: datetime) -> bool:
    """Return whether `write` would change the payment."""
    rows = list(transfers)
    values = _values(payment, evaluate(facts_of(payment), [seen_of(row) for row in rows], moment), rows)
    return any(getattr(payment, field) != value for field, value in values.items())


def write(
    payment: Payment, transfers: Iterable[Transfer], *, moment: datetime, tell: bool = True, **changes: object
) -> bool:
    """Evaluate `payment` with all its `transfers` at `moment`, write what changed and tell the listener; return whether anything did.

    `changes` are further fields to write with it (a new expiry, an acceptance) and count in the evaluation. Call it inside the
    transaction that wrote the transfers. Raises ChangedMeanwhile where the payment is no longer as it was read.
    """
    rows = list(transfers)
    for field, value in changes.items():
        setattr(payment, field, value)
    verdict = evaluate(facts_of(payment), [seen_of(row) for row in rows], moment)
    previous, news = payment.status, _is_news(payment, verdict)
    values = _values(payment, verdict, rows)
    if not changes and all(getattr(payment, field) == value for field, value in values.items()):
        return False
    values |= changes
    row = Payment.objects.filter(pk=payment.pk, version=payment.version)
    if not guarded_update(row, **values, version=payment.version + 1, updated_at=clock.now()):
        raise ChangedMeanwhile(str(payment.pk))
    payment.version += 1
    for field, value in values.items():
        setattr(payment, field, value)
    if tell and news:
        seam.announce(_update(payment, previous, verdict, rows))
    return True


def _is_news(payment: Payment, verdict: Verdict) -> bool:
    """Return whether the listener would see a difference; confirmations beyond those needed are none."""
    needed = payment.required_confirmations
    before = (payment.status, payment.exception, payment.received, min(payment.confirmations, needed))
    after = (verdict.status, verdict.exception or "", verdict.received, min(verdict.confirmations, needed))
    return before != after


def _values(payment: Payment, verdict: Verdict, transfers: list[Transfer]) -> dict[str, object]:
    return {
        "status": verdict.status.value,
        "exception": verdict.exception.value if verdict.exception else "",
        "received": verdict.received,
        "confirmations": verdict.confirmations,
        "watch_at": _watch_at(payment, verdict, transfers),
    }


def _watch_at(payment: Payment, verdict: Verdict, transfers: list[Transfer]) -> datetime | None:
    if any(not transfer.is_final for transfer in transfers):
        return EPOCH
    waits = verdict.status in {PaymentStatus.NEW, PaymentStatus.SEEN} and verdict.due > 0
    return payment.expires_at if waits else None


def _update(payment: Payment, previous: str, verdict: Verdict, transfers: list[Transfer]) -> seam.PaymentUpdate:
    facts = facts_of(payment)
    return seam.PaymentUpdate(
        payment_id=payment.pk,
        previous=previous,
        status=payment.status,
        exception=payment.exception,
        received=verdict.received,
        due=verdict.due,
        confirmations=verdict.confirmations,
        txids=tuple(sorted({row.txid for row in transfers if counts(facts, seen_of(row))})),
    )
