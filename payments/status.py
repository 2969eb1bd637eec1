"""What a payment's transfers amount to: a pure function, no clock, no database, no node."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models

PATIENCE = timedelta(minutes=30)
"""How long money may be in no mempool, with nothing in its place, before it counts as gone: nodes restart, and drop what pays little."""


class PaymentStatus(models.TextChoices):
    """Where a payment stands."""

    NEW = "new", "Waiting for payment"
    SEEN = "seen", "Seen, waiting for confirmation"
    SETTLED = "settled", "Paid"
    EXPIRED = "expired", "Expired"
    INVALID = "invalid", "Invalid"


class PaymentException(models.TextChoices):
    """What is out of the ordinary with a payment."""

    UNDERPAID = "underpaid", "Too little"
    OVERPAID = "overpaid", "Too much"
    LATE = "late", "Too late"


@dataclass(frozen=True, slots=True)
class Facts:
    """What was agreed: `amount` and `tolerance` in satoshi, when it expires, how deep is deep enough; `accepted` by staff.

    `accepted_amount` is what had come when staff accepted: should some of it be taken back, what is left was accepted by nobody.
    """

    amount: int
    tolerance: int
    required_confirmations: int
    expires_at: datetime
    accepted: bool = False
    accepted_amount: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """One output that paid us: satoshi, depth (0 = in the mempool), when it was first seen, whether it still can count.

    `lost_at` is since when it is nowhere to be seen although nothing took its place.
    """

    amount: int
    confirmations: int
    seen_at: datetime
    alive: bool = True
    lost_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows: status, exception ("" for none), and in satoshi what was received and what is still due.

    `confirmations` is how deep the payment as a whole is: the depth at which its deepest transfers already are enough, or where they
    are not enough that of the shallowest one; 0 where nothing counts.
    """

    status: PaymentStatus
    exception: PaymentException | None
    received: int
    due: int
    confirmations: int


def counts(facts: Facts, one: Seen) -> bool:
    """Return whether this output counts towards the amount: alive, and seen in time unless staff accepted the payment as it is."""
    return one.alive and one.amount > 0 and (facts.accepted or one.seen_at <= facts.expires_at)


def evaluate(facts: Facts, transfers: Iterable[Seen], now: datetime) -> Verdict:
    """Return where a payment stands at `now`. Total: every input has an answer, none raises.

    Money counts if it was seen before the payment expired; once staff accepted the payment, all of it counts and what there was then
    is enough. Nothing becomes void while money that was lost may still come back.
    """
    known = [one for one in transfers if one.amount > 0]
    alive = [one for one in known if one.alive]
    counting = [one for one in known if counts(facts, one)]
    received = _total(alive)
    due = max(facts.amount - _total(counting), 0)
    depth = _depth(facts, counting)
    if _enough(facts, counting):
        over = received > facts.amount + facts.tolerance
        status = PaymentStatus.SETTLED if depth >= facts.required_confirmations else PaymentStatus.SEEN
        return Verdict(status, PaymentException.OVERPAID if over else None, received, 0, depth)
    expired = now > facts.expires_at
    if alive:
        late = not counting or received >= facts.amount - facts.tolerance
        exception = PaymentException.LATE if late else PaymentException.UNDERPAID
        return Verdict(PaymentStatus.EXPIRED if expired else PaymentStatus.SEEN, exception, received, due, depth)
    if not expired or any(one.lost_at and now - one.lost_at <= PATIENCE for one in known):
        return Verdict(PaymentStatus.NEW, None, 0, due, 0)
    return Verdict(PaymentStatus.INVALID if known else PaymentStatus.EXPIRED, None, 0, due, 0)


def _total(transfers: Iterable[Seen]) -> int:
    return sum(one.amount for one in transfers)


def _enough(facts: Facts, transfers: list[Seen]) -> bool:
    if not transfers:
        return False
    total = _total(transfers)
    return (facts.accepted and total >= facts.accepted_amount) or total >= facts.amount - facts.tolerance


def _depth(facts: Facts, counting: list[Seen]) -> int:
    """Return the depth at which the payment is enough, taking the deepest transfers first; an accepted one needs all of them."""
    reached = 0
    for one in sorted(counting, key=lambda each: each.confirmations, reverse=True):
        reached += one.amount
        if not facts.accepted and reached >= facts.amount - facts.tolerance:
            return one.confirmations
    return min((one.confirmations for one in counting), default=0)
