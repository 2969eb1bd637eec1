"""What can be done with a payment. Each step is safe to repeat and safe to do twice at once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import IntegrityError
from django.db.models import QuerySet

from cryptons import clock
from cryptons.access import Actor
from cryptons.db import atomic, guarded_update, one_insert
from cryptons.errors import InvalidInput, InvalidTransition, NotFound, PaymentMethodUnavailable
from cryptons.money import price_in_satoshi
from payments import ledger
from payments.methods import PaymentMethod, methods
from payments.models import Payment, PaymentOption
from payments.rates import Quote, as_kept, current_quote
from payments.rights import require_decide
from payments.status import PaymentException, PaymentStatus

logger = structlog.get_logger(__name__)

LEAST_SATOSHI = 294
"""Nodes do not relay a smaller output to a P2WPKH address (dust: Bitcoin Core's `GetDustThreshold` at 3 sat/vB)."""

_FRESH = timedelta(minutes=1)
_ADDRESS_TRIES = 5
_WRITE_TRIES = 5


def create_payment(*, fiat_amount: Decimal, currency: str, quote: Quote) -> Payment:
    """Return a new payment over `fiat_amount`, its price in satoshi locked at `quote` for `PAYMENT_EXPIRY`.

    Talks to no node, so that it fits into the caller's transaction; `provision` finds the place to pay afterwards.
    Raises InvalidInput where the price is less than the network passes on.
    """
    now = clock.now()
    locked = _locked(fiat_amount, quote)
    if locked["amount"] < LEAST_SATOSHI:
        raise InvalidInput("This is too little to be paid in bitcoin. Please add something to your cart.")
    expires_at = now + settings.PAYMENT_EXPIRY
    return Payment.objects.create(
        fiat_amount=fiat_amount,
        currency=currency,
        required_confirmations=confirmations_for(fiat_amount),
        expires_at=expires_at,
        watch_at=expires_at,
        created_at=now,
        updated_at=now,
        **locked,
    )


def confirmations_for(fiat_amount: Decimal) -> int:
    """Return how deep a payment of this much has to be (`PAYMENT_CONFIRMATIONS`: the highest tier that it reaches)."""
    return max((low, depth) for low, depth in settings.PAYMENT_CONFIRMATIONS.items() if fiat_amount >= low)[1]


def provision(*, payment_id: UUID) -> PaymentOption:
    """Return where to pay this payment, asking the node for an address the first time; later calls return the same one.

    Where the first address comes more than a minute after the payment was made (the node was away), price and expiry are locked anew:
    nobody could have paid before. Raises NotFound, PaymentMethodUnavailable, RateUnavailable, and InvalidTransition where the payment
    is over.
    """
    payment = _payment(payment_id)
    return _option(payment, methods()[0]) or provision_new(payment=payment)


def provision_new(*, payment: Payment) -> PaymentOption:
    """Do the same for a payment that was just made, or was read and had no place to pay: it is not looked for again.

    Where somebody asked at the same time both get the same one; a lock that was renewed is on `payment`, too.
    """
    if payment.status != PaymentStatus.NEW:
        raise InvalidTransition("This payment is over; please place a new order.")
    method, renewed = methods()[0], _renewed_lock(payment)
    for _ in range(_ADDRESS_TRIES):
        address = method.make_address(payment.pk)
        option = _store_option(payment, method, address, renewed)
        if option is not None:
            return option
        # The node gave an address that another payment has: its wallet was restored from an old copy and counts anew.
        logger.error("address_reused_by_node", payment=str(payment.pk), address=address)
    raise PaymentMethodUnavailable("Bitcoin payments cannot be prepared right now. Please try again in a moment.")


def close(*, payment_id: UUID) -> bool:
    """Stop waiting for a payment that is new: it expires now. Return whether it did; False where money was seen or it was over."""

    def check(payment: Payment) -> None:
        if payment.status != PaymentStatus.NEW:
            raise InvalidTransition("Only a payment that nobody has paid yet can be closed.")

    try:
        _rewrite(payment_id, check, _expire_now, tell=False)
    except InvalidTransition:
        return False
    return True


def accept(*, payment_id: UUID, actor: Actor | None) -> Payment:
    """Take what came as enough: too little, or too late. Raises Forbidden, NotFound, InvalidTransition where there is nothing to accept.

    Just that much is accepted: where some of it is taken back before it is confirmed, the rest has to be accepted anew.
    """
    require_decide(actor)

    def check(payment: Payment) -> None:
        if payment.exception not in {PaymentException.UNDERPAID, PaymentException.LATE}:
            raise InvalidTransition(
                "There is nothing to accept: no money came late or short, or it was accepted before."
            )

    return _rewrite(payment_id, check, lambda payment, now: {"accepted_at": now, "accepted_amount": payment.received})


def extend(*, payment_id: UUID, actor: Actor | None) -> Payment:
    """Ask for the rest of a payment that expired short: it waits again, at the locked rate, for `PAYMENT_EXPIRY`.

    Raises Forbidden, NotFound, InvalidTransition where it did not expire with too little.
    """
    require_decide(actor)

    def check(payment: Payment) -> None:
        if (payment.status, payment.exception) != (PaymentStatus.EXPIRED, PaymentException.UNDERPAID):
            raise InvalidTransition("Only a payment that expired with too little can be asked for the rest.")

    return _rewrite(payment_id, check, lambda _, now: {"expires_at": now + settings.PAYMENT_EXPIRY})


def hold(*, payment: Payment) -> bool:
    """Keep the payment as it was read until the caller's transaction ends; return False where somebody has changed it since.

    For whoever acts on a payment without writing to it: without this, a newer state of it could be acted on first.
    """
    return guarded_update(Payment.objects.filter(pk=payment.pk, version=payment.version), version=payment.version + 1)


def _expire_now(payment: Payment, now: datetime) -> dict[str, object]:
    # A moment before now: the evaluation expires what lies in the past.
    return {"expires_at": min(payment.expires_at, now - timedelta(microseconds=1))}


def _rewrite(
    payment_id: UUID,
    check: Callable[[Payment], None],
    changes: Callable[[Payment, datetime], dict[str, object]],
    *,
    tell: bool = True,
) -> Payment:
    """Apply `changes` to a payment that passes `check` and evaluate it anew; read again as often as another writer was faster."""
    for _ in range(_WRITE_TRIES):
        payment = _payment(payment_id)
        check(payment)
        now = clock.now()
        try:
            with atomic():
                transfers = list(payment.transfers.all())
                ledger.write(payment, transfers, moment=now, tell=tell, **changes(payment, now))
        except ledger.ChangedMeanwhile:
            continue
        return payment
    raise InvalidTransition("This payment is changing right now; please try again.")


def _payment(payment_id: UUID) -> Payment:
    payment = Payment.objects.filter(pk=payment_id).first()
    if payment is None:
        raise NotFound("There is no such payment.")
    return payment


def _option(payment: Payment, method: PaymentMethod) -> PaymentOption | None:
    return PaymentOption.objects.filter(payment=payment, method=method.name).first()


def _locked(fiat_amount: Decimal, quote: Quote) -> dict[str, Any]:
    """Return the price in satoshi at `quote`, with the tolerance: that many satoshi less are still enough."""
    rate = as_kept(quote.price)
    amount = price_in_satoshi(fiat_amount, rate)
    return {
        "amount": amount,
        "tolerance": int(amount * settings.PAYMENT_TOLERANCE_PERCENT / 100),
        "rate": rate,
        "rate_source": quote.source,
        "rate_at": quote.at,
    }


def _renewed_lock(payment: Payment) -> dict[str, Any]:
    """Return a new price and expiry for a payment that is older than a minute, nothing for a fresh one."""
    now = clock.now()
    if now - payment.created_at <= _FRESH:
        return {}
    expires_at = now + settings.PAYMENT_EXPIRY
    locked = _locked(payment.fiat_amount, current_quote(payment.currency))
    return {**locked, "expires_at": expires_at, "watch_at": expires_at}


def _store_option(
    payment: Payment, method: PaymentMethod, address: str, renewed: dict[str, Any]
) -> PaymentOption | None:
    """Store the address with the renewed lock, both or neither; return the payment's option, None where the address is taken."""
    changes = {**renewed, "version": payment.version + 1, "updated_at": clock.now()} if renewed else {}
    try:
        with atomic() if changes else one_insert():
            option = PaymentOption.objects.create(payment_id=payment.pk, method=method.name, address=address)
            if changes and not guarded_update(_waiting(payment), **changes):
                raise InvalidTransition("This payment is over; please place a new order.")
    except IntegrityError:
        # Someone asked at the same time and was first; the address made here was never shown to anybody.
        payment.refresh_from_db()
        return _option(payment, method)
    for name, value in changes.items():
        setattr(payment, name, value)
    return option


def _waiting(payment: Payment) -> "QuerySet[Payment]":
    """Return the payment's row as long as it is new and as it was read."""
    return Payment.objects.filter(pk=payment.pk, status=PaymentStatus.NEW, version=payment.version)
