"""What a payment's state means, in words for the person who pays."""

from dataclasses import dataclass

from cryptons.money import format_btc
from payments.status import PaymentException, PaymentStatus


@dataclass(frozen=True, slots=True)
class Situation:
    """What the words depend on. Amounts in satoshi; `time_is_up` while the last look at the network is still to come."""

    status: str
    exception: str
    amount: int
    received: int
    due: int
    confirmations: int
    required: int
    has_address: bool
    time_is_up: bool
    was_replaced: bool


@dataclass(frozen=True, slots=True)
class Words:
    """A headline, what to do (each text a paragraph), and the tone: info, ok or warn."""

    headline: str
    advice: tuple[str, ...]
    tone: str


_REPLACED = (
    "A transaction you sent was replaced or taken back before it was confirmed. We count only what the network keeps; "
    "a replacement that pays us counts as soon as we see it."
)


def words_for(now: Situation) -> Words:
    """Return headline, advice and tone for a payment in this situation."""
    by_status = {
        PaymentStatus.NEW.value: _new,
        PaymentStatus.SEEN.value: _seen,
        PaymentStatus.SETTLED.value: _settled,
        PaymentStatus.EXPIRED.value: _expired,
    }
    return by_status.get(now.status, _invalid)(now)


def _new(now: Situation) -> Words:
    if not now.has_address:
        return Words(
            "Your order is kept, but payment is not ready yet",
            ("Our Bitcoin node did not answer in time. Nothing is lost: please try again in a moment.",),
            "warn",
        )
    if now.time_is_up:
        return Words(
            "Time is up, checking for your payment",
            (
                "We are looking one last time whether it arrived. If you have already sent it, do not send it again.",
                *_replaced(now),
            ),
            "info",
        )
    return Words(
        "Waiting for payment",
        (
            "Scan the code with your wallet, open it there, or copy the details by hand. We see a payment within seconds.",
            "Paying from an exchange? Make sure the full amount arrives: its withdrawal fee comes on top.",
            *_replaced(now),
        ),
        "info",
    )


def _seen(now: Situation) -> Words:
    if now.exception == PaymentException.UNDERPAID:
        return Words(
            "Part of the payment has arrived",
            (
                f"We received {format_btc(now.received)} BTC. Please send the remaining {format_btc(now.due)} BTC to the same address.",
                "The code, the link and the amount below are for the rest.",
                *_replaced(now),
            ),
            "warn",
        )
    step = min(now.confirmations + 1, now.required)
    advice = ["Your payment is on its way. You can close this page; we will e-mail you when it is confirmed."]
    if now.exception == PaymentException.OVERPAID:
        advice.append(_too_much(now))
    return Words(f"Seen, waiting for confirmation {step} of {now.required}", (*advice, *_replaced(now)), "info")


def _settled(now: Situation) -> Words:
    advice = ["Thank you. Your payment is confirmed, there is nothing left to do."]
    if now.exception == PaymentException.OVERPAID:
        advice.append(_too_much(now))
    return Words("Paid", tuple(advice), "ok")


def _expired(now: Situation) -> Words:
    if now.exception == PaymentException.UNDERPAID:
        return Words(
            "The time ran out before the full amount arrived",
            (
                f"We received {format_btc(now.received)} BTC; {format_btc(now.due)} BTC are missing.",
                "Nothing is lost: the shop has been told and will ask you for the rest or return what you sent.",
                "Please do not send more to this address unless the shop asks you to.",
            ),
            "warn",
        )
    if now.exception == PaymentException.LATE:
        return Words(
            "Your payment arrived after the time ran out",
            (
                f"We received {format_btc(now.received)} BTC, but the price was no longer held.",
                "Nothing is lost: the shop has been told and will accept it or return it.",
            ),
            "warn",
        )
    return Words(
        "The time for this payment has run out",
        (
            "No payment arrived while the price was held, so please do not pay to this address any more.",
            "If you have already sent it, do not send it again: we will still see it and the shop will get in touch.",
        ),
        "info",
    )


def _invalid(now: Situation) -> Words:
    return Words(
        "The payment did not go through",
        (
            "The transaction was replaced, or its coins were spent elsewhere, so nothing arrived here.",
            "If you still want your order, please place it again.",
        ),
        "warn",
    )


def _too_much(now: Situation) -> str:
    extra = format_btc(now.received - now.amount)
    return f"You sent {extra} BTC more than needed. The shop sees this and will get in touch about returning it."


def _replaced(now: Situation) -> tuple[str, ...]:
    return (_REPLACED,) if now.was_replaced else ()


TRANSFER_WORDS = {
    "pending": "seen by the network",
    "confirmed": "confirmed",
    "replaced": "replaced by another transaction",
    "conflicted": "taken back",
    "missing": "no longer seen by the network",
}
"""A transfer's state for the person who sent it."""
