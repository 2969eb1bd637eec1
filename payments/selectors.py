"""Reading payments."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote as url_quote
from uuid import UUID

from django.conf import settings

from cryptons import clock
from cryptons.errors import NotFound
from payments.health import is_blind
from payments.ledger import ALIVE, facts_of, seen_of
from payments.methods import method_named
from payments.models import Payment, PaymentOption, Transfer
from payments.status import PaymentStatus, evaluate
from payments.wording import TRANSFER_WORDS, Situation, Words, words_for

_FINAL = frozenset({PaymentStatus.SETTLED, PaymentStatus.EXPIRED, PaymentStatus.INVALID})


@dataclass(frozen=True, slots=True)
class TransferRow:
    """One transaction in words; `url` leads to the merchant's block explorer, "" where none is set."""

    txid: str
    amount: int
    state: str
    url: str
    is_alive: bool


@dataclass(frozen=True, slots=True)
class PaymentView:
    """All that the payment panel shows. Amounts in satoshi; `uri` (BIP 21) asks for what is still due, "" where nothing can be paid.

    `is_final`: nothing more will change by itself soon, so the page need not ask again. `node_trouble`: the shop cannot see the network
    now.
    """

    payment: Payment
    address: str
    uri: str
    amount: int
    received: int
    due: int
    status: str
    exception: str
    confirmations: int
    required: int
    expires_at: datetime
    seconds_left: int
    seconds_total: int
    transfers: tuple[Transfer, ...]
    words: Words
    is_final: bool
    node_trouble: bool
    play_wallet_url: str

    @property
    def headline(self) -> str:
        """Return the state in words."""
        return self.words.headline

    @property
    def advice(self) -> tuple[str, ...]:
        """Return what to do, a paragraph each."""
        return self.words.advice

    @property
    def minutes_left(self) -> int:
        """Return the full minutes left."""
        return self.seconds_left // 60

    @property
    def poll_seconds(self) -> int:
        """Return how often the page asks again: seldom where only a person or late money can change anything, never once paid."""
        if self.is_final:
            return 0 if self.status == PaymentStatus.SETTLED else 30
        return 2

    @property
    def is_partial(self) -> bool:
        """Return whether something arrived and something is still due."""
        return bool(self.uri) and 0 < self.due < self.amount

    @property
    def is_payable(self) -> bool:
        """Return whether money sent now would count."""
        return bool(self.uri)

    @property
    def shows_confirmations(self) -> bool:
        """Return whether the full amount is on its way or there."""
        return self.status in {PaymentStatus.SEEN, PaymentStatus.SETTLED} and self.due == 0

    @property
    def transfer_rows(self) -> list[TransferRow]:
        """Return the transfers as the panel lists them."""
        url = settings.EXPLORER_TX_URL
        return [
            TransferRow(
                one.txid, one.amount, TRANSFER_WORDS[one.state], url.replace("{txid}", one.txid), one.state in ALIVE
            )
            for one in self.transfers
        ]

    @property
    def fingerprint(self) -> str:
        """Return a short text that changes when anything shown here does, the seconds left aside."""
        shown = (
            self.status, self.exception, self.received, self.due, self.confirmations, self.address, self.words, self.node_trouble,
            self.expires_at, tuple((one.txid, one.vout, one.state, one.confirmations) for one in self.transfers),
        )  # fmt: skip
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class PaymentState:
    """A payment and what follows from its rows. `due` in satoshi; `uri` (BIP 21) asks for that, "" where nothing can be paid."""

    payment: Payment
    option: PaymentOption | None
    transfers: tuple[Transfer, ...]
    due: int
    uri: str


def state_of(payment: Payment) -> PaymentState:
    """Return the payment with what follows from its rows, which may have been read before (`prefetch_related`)."""
    return state_with(payment, next(iter(payment.options.all()), None), tuple(payment.transfers.all()))


def state_with(payment: Payment, option: PaymentOption | None, transfers: tuple[Transfer, ...]) -> PaymentState:
    """Return the payment with what follows from its rows, which the caller knows. Costs no query."""
    due = evaluate(facts_of(payment), [seen_of(one) for one in transfers], payment.updated_at).due
    payable = _is_payable(payment, due) and _seconds_left(payment) > 0
    return PaymentState(payment, option, transfers, due, _uri(option, due) if payable else "")


def payment_view(*, payment_id: UUID) -> PaymentView:
    """Return what the panel shows of a payment. Raises NotFound."""
    payment = Payment.objects.filter(pk=payment_id).first()
    if payment is None:
        raise NotFound("There is no such payment.")
    return view_of(payment)


def view_of(payment: Payment) -> PaymentView:
    """Return what the panel shows of a payment whose row was just read."""
    state = state_of(payment)
    option, transfers, due, uri = state.option, state.transfers, state.due, state.uri
    left = _seconds_left(payment)
    is_final = payment.status in _FINAL
    return PaymentView(
        payment=payment,
        address=option.address if option else "",
        uri=uri,
        amount=payment.amount,
        received=payment.received,
        due=due,
        status=payment.status,
        exception=payment.exception,
        confirmations=min(payment.confirmations, payment.required_confirmations),
        required=payment.required_confirmations,
        expires_at=payment.expires_at,
        seconds_left=left,
        seconds_total=max(int(settings.PAYMENT_EXPIRY.total_seconds()), 1),
        transfers=transfers,
        words=words_for(_situation(payment, option, transfers, due, time_is_up=left == 0)),
        is_final=is_final,
        node_trouble=not is_final and is_blind(payment.coin, since=payment.created_at),
        play_wallet_url=_play_wallet(uri),
    )


def _seconds_left(payment: Payment) -> int:
    return max(int((payment.expires_at - clock.now()).total_seconds()), 0)


def _is_payable(payment: Payment, due: int) -> bool:
    return payment.status in {PaymentStatus.NEW, PaymentStatus.SEEN} and due > 0


def _uri(option: PaymentOption | None, due: int) -> str:
    return method_named(option.method).uri(option.address, due) if option else ""


def _situation(
    payment: Payment, option: PaymentOption | None, transfers: tuple[Transfer, ...], due: int, *, time_is_up: bool
) -> Situation:
    return Situation(
        status=payment.status,
        exception=payment.exception,
        amount=payment.amount,
        received=payment.received,
        due=due,
        confirmations=payment.confirmations,
        required=payment.required_confirmations,
        has_address=option is not None,
        time_is_up=time_is_up,
        was_replaced=any(one.state not in ALIVE for one in transfers),
    )


def _play_wallet(uri: str) -> str:
    if not settings.SANDBOX or not uri:
        return ""
    return f"http://{settings.SANDBOX_HOST}:{settings.SANDBOX_WALLET_PORT}/?uri={url_quote(uri, safe='')}"
