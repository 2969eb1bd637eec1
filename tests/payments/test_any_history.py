"""Whatever happens and whenever the store looks, it ends with what a look at the end alone would have found."""

import random

import pytest

from payments.models import Cursor, Payment, Transfer, Watcher
from payments.watcher import lease

pytestmark = pytest.mark.django_db
AMOUNT = 100_000
EVENTS = [
    "pay",
    "half",
    "bump",
    "take_back",
    "mine",
    "mine",
    "mined_conflict",
    "reorganise",
    "reorganise_with_conflict",
]


class History:
    """A random life of one payment: `coins` are those that pay it, with what they pay."""

    def __init__(self, shop, seed):
        self.shop, self.chain = shop, shop.chain
        self.random = random.Random(seed)
        self.asked = shop.ask()
        self.spent = []
        self.fee = 2_000
        self.blocks = 0

    def step(self):
        getattr(self, self.random.choice(EVENTS))()
        if self.random.random() < 0.6:
            self.shop.tick()

    def _spend(self, amount):
        coin = self.chain.coin()
        self.chain.pay({self.asked.address: amount}, coin=coin)
        self.spent.append((coin, amount))

    def pay(self):
        self._spend(AMOUNT)

    def half(self):
        self._spend(AMOUNT // 2)

    def _waiting(self):
        """A coin that pays us and is spent by nothing in a block."""
        free = [one for one in self.spent if self.chain.rpc("gettxout", one[0]["txid"], one[0]["vout"], False)]
        return self.random.choice(free) if free else None

    def _rival(self, elsewhere):
        self.fee += 30_000
        chosen = self._waiting()
        if chosen is None:
            return None
        coin, amount = chosen
        address = self.chain.elsewhere() if elsewhere else self.asked.address
        return self.chain.sign(coin, {address: amount}, fee=self.fee)

    def bump(self):
        raw = self._rival(elsewhere=False)
        if raw:
            self.chain.send(raw)

    def take_back(self):
        raw = self._rival(elsewhere=True)
        if raw:
            self.chain.send(raw)

    def mine(self):
        self.chain.mine()
        self.blocks += 1

    def mined_conflict(self):
        raw = self._rival(elsewhere=True)
        if raw:
            self.chain.block(raw)
            self.blocks += 1

    def _fork(self, *first):
        depth = self.random.randint(1, min(3, self.blocks))
        block = self.chain.rpc("getblockhash", self.chain.height() - depth + 1)
        self.chain.reorganise(block, first, *[()] * depth)
        self.blocks += 1

    def reorganise(self):
        if self.blocks:
            self._fork()

    def reorganise_with_conflict(self):
        raw = self._rival(elsewhere=True)
        if raw and self.blocks:
            self._fork(raw)

    def result(self):
        alive = Transfer.objects.filter(payment=self.asked.id, state__in=["pending", "confirmed"])
        return self.asked.state, sorted(
            alive.values_list("txid", "vout", "amount", "state", "confirmations", "is_final")
        )


def forget_all():
    """As if the store had never looked."""
    Transfer.objects.all().delete()
    Cursor.objects.all().delete()
    Watcher.objects.all().delete()
    lease.forget()
    for payment in Payment.objects.all():
        Payment.objects.filter(pk=payment.pk).update(
            status="new", exception="", received=0, confirmations=0, watch_at=payment.expires_at, version=0
        )


@pytest.mark.parametrize("seed", range(12))
def test_looking_often_ends_as_looking_once(shop, seed):
    history = History(shop, seed)
    for _ in range(14):
        history.step()
    shop.tick()
    often = history.result()
    shop.tick()
    assert history.result() == often
    forget_all()
    shop.tick()
    assert history.result() == often
