"""A shop with a node: what a customer and a miner do, in JSON-RPC alone, so that the sandbox and a real node play the same part."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from cryptons import clock
from cryptons.money import to_btc
from payments import services
from payments.models import Payment, PaymentOption, Transfer
from payments.rates import Quote
from payments.watcher import TickReport, tick

BURN = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"
FEE = 2_000


class ShiftedClock:
    """The store's time: the real one, shifted by the test, because a node's own clock cannot be set."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        return timezone.now() + self.offset

    def shift(self, **delta: float) -> None:
        self.offset += timedelta(**delta)


class Chain:
    """The customer's wallet and a miner, on any node."""

    def __init__(self, client) -> None:
        self.client = client
        self.rpc = client.rpc

    def height(self) -> int:
        return self.rpc("getblockcount")

    def tip(self) -> str:
        return self.rpc("getbestblockhash")

    def coin(self) -> dict:
        """An output of the customer's that can be spent, large enough for any test."""
        coins = self.rpc("listunspent", 1, wallet="customer")
        coin = max(coins, key=lambda one: (one["amount"], one["txid"]))
        assert coin["amount"] > 1
        return coin

    def sign(self, coin: dict, outputs: dict[str, int], *, fee: int = FEE, sequence: int = 0xFFFFFFFD) -> str:
        """A signed transaction that spends `coin` on `outputs` (satoshi by address); what is left comes back as change."""
        left = int(Decimal(coin["amount"]) * 10**8) - sum(outputs.values()) - fee
        change = self.rpc("getrawchangeaddress", wallet="customer")
        spent = [{"txid": coin["txid"], "vout": coin["vout"], "sequence": sequence}]
        paid = [{address: str(to_btc(amount))} for address, amount in [*outputs.items(), (change, left)]]
        raw = self.rpc("createrawtransaction", spent, paid)
        signed = self.rpc("signrawtransactionwithwallet", raw, wallet="customer")
        assert signed["complete"]
        return signed["hex"]

    def send(self, raw: str) -> str:
        return self.rpc("sendrawtransaction", raw)

    def pay(
        self, outputs: dict[str, int], *, coin: dict | None = None, fee: int = FEE, sequence: int = 0xFFFFFFFD
    ) -> str:
        return self.send(self.sign(coin or self.coin(), outputs, fee=fee, sequence=sequence))

    def mine(self, count: int = 1) -> list[str]:
        return self.rpc("generatetoaddress", count, BURN)

    def block(self, *transactions: str) -> str:
        """Mine one block with exactly these transactions (raw, or ids of the mempool), unlike any other there is."""
        return self.rpc("generateblock", self.elsewhere(), list(transactions))["hash"]

    def reorganise(self, block: str, *branch: tuple[str, ...]) -> list[str]:
        """Leave the chain at `block` and mine a branch instead, one tuple of transactions a block."""
        self.rpc("invalidateblock", block)
        return [self.block(*transactions) for transactions in branch]

    def elsewhere(self) -> str:
        return self.rpc("getnewaddress", wallet="customer")


class Shop:
    """The store: asks for payments and looks at the node."""

    def __init__(self, chain: Chain, time: ShiftedClock) -> None:
        self.chain = chain
        self.time = time

    def ask(self, fiat: str = "60.00") -> "Asked":
        """A payment with its address; 60 euros are 100,000 satoshi."""
        quote = Quote(Decimal(60000), "fixed", clock.now())
        payment = services.create_payment(fiat_amount=Decimal(fiat), currency="EUR", quote=quote)
        return Asked(services.provision(payment_id=payment.pk))

    def tick(self) -> TickReport:
        report = tick()
        assert (report.outcome, report.failed) == ("done", 0)
        return report


class Asked:
    """A payment as a test sees it."""

    def __init__(self, option: PaymentOption) -> None:
        self.id = option.payment_id
        self.address = option.address

    @property
    def row(self) -> Payment:
        return Payment.objects.get(pk=self.id)

    @property
    def state(self) -> tuple[str, str, int, int]:
        """Status, exception, satoshi received, confirmations."""
        row = self.row
        return row.status, row.exception, row.received, row.confirmations

    @property
    def transfers(self) -> list[tuple[str, str, int, int]]:
        """Transaction, state, satoshi, confirmations of each transfer, the earliest first."""
        rows = Transfer.objects.filter(payment=self.id)
        return [(row.txid, row.state, row.amount, row.confirmations) for row in rows]
