"""A payment as the API shows it. Amounts of coin in the coin, each with its integer twin in satoshi."""

from typing import Any

from cryptons.api.fields import Choice, Moment, Number, Shape, Text, Whole, told
from cryptons.money import to_btc
from payments.models import TransferState
from payments.selectors import PaymentState
from payments.status import PaymentException, PaymentStatus


def _coin() -> Number:
    return Number(max_digits=24, decimal_places=8)


class OptionShape(Shape):
    """One way to pay."""

    method = Text()
    address = Text()


class TransactionShape(Shape):
    """One transaction output that pays, as the store sees it at present."""

    hash = Text()
    amount = _coin()
    amount_base_units = Whole(max_value=None)
    confirmations = Whole()
    state = Choice(TransferState.choices)


class PaymentShape(Shape):
    """A payment. `uri` is null where nothing can be paid, `options` is empty until the node has made an address."""

    example = {
        "id": "01980b6e-4444-7000-8000-000000000001",
        "cryptocurrency": "BTC",
        "amount": 0.00165,
        "amountBaseUnits": 165000,
        "rate": 60000,
        "rateSource": "kraken",
        "expiresAt": "2026-05-04T09:45:00Z",
        "status": "seen",
        "exception": None,
        "received": 0.00165,
        "receivedBaseUnits": 165000,
        "due": 0,
        "dueBaseUnits": 0,
        "confirmations": 0,
        "requiredConfirmations": 1,
        "uri": None,
        "options": [{"method": "onchain", "address": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"}],
        "transactions": [
            {
                "hash": "5f1c4a0b8e6d2c7f9a3b1d5e7f9c2a4b6d8e0f1a3c5e7092b4d6f8a0c2e4f6a8",
                "amount": 0.00165,
                "amountBaseUnits": 165000,
                "confirmations": 0,
                "state": "pending",
            }
        ],
    }

    id = Text()
    cryptocurrency = Text()
    amount = _coin()
    amount_base_units = Whole(max_value=None)
    rate = _coin()
    rate_source = Text()
    expires_at = Moment()
    status = Choice(PaymentStatus.choices)
    exception = Choice(PaymentException.choices, allow_null=True)
    received = _coin()
    received_base_units = Whole(max_value=None)
    due = _coin()
    due_base_units = Whole(max_value=None)
    confirmations = Whole()
    required_confirmations = Whole()
    uri = Text(allow_null=True)
    options = OptionShape(many=True)
    transactions = TransactionShape(many=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Return a PaymentState in this shape."""
        return super().to_representation(_told(instance))


def payment_data(state: PaymentState) -> dict[str, Any]:
    """Return the payment as the API shows it."""
    return told(PaymentShape, state)


def _told(state: PaymentState) -> dict[str, Any]:
    payment = state.payment
    return {
        "id": payment.pk,
        "cryptocurrency": payment.coin,
        "amount": to_btc(payment.amount),
        "amount_base_units": payment.amount,
        "rate": payment.rate,
        "rate_source": payment.rate_source,
        "expires_at": payment.expires_at,
        "status": payment.status,
        "exception": payment.exception or None,
        "received": to_btc(payment.received),
        "received_base_units": payment.received,
        "due": to_btc(state.due),
        "due_base_units": state.due,
        "confirmations": payment.confirmations,
        "required_confirmations": payment.required_confirmations,
        "uri": state.uri or None,
        "options": [{"method": state.option.method, "address": state.option.address}] if state.option else [],
        "transactions": [
            {
                "hash": one.txid,
                "amount": to_btc(one.amount),
                "amount_base_units": one.amount,
                "confirmations": one.confirmations,
                "state": one.state,
            }
            for one in state.transfers
        ],
    }
