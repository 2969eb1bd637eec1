"""A tick of the watcher, with ten thousand open payments: while nothing happens, and while a hundred transactions arrive."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.db import connection

from benchmarks.report import Row, percentile
from benchmarks.stage import Stage
from cryptons import clock
from payments.bitcoin.rpc import RpcClient
from payments.models import Payment, PaymentOption
from payments.rates import Quote
from payments.services import confirmations_for, provision
from payments.status import PaymentStatus
from payments.watcher import tick

OPEN = 10_000
ARRIVING = 100
ROUNDS = 3


@dataclass
class Cost:
    """What something took: requests to the node, database queries, milliseconds by the clock and of the processor (without the node's)."""

    requests: int = 0
    queries: int = 0
    ms: float = 0.0
    cpu: float = 0.0


def run(stage: Stage, seconds: float) -> list[Row]:
    """Return the rows of the watcher."""
    customer = Customer()
    _open_payments(OPEN)
    tick()
    idle = [_cost(tick) for _ in range(max(20, int(seconds * 10)))]
    rounds = [_arrivals(customer) for _ in range(ROUNDS)]
    return [_idle_row(idle), _arrival_row(rounds)]


def _idle_row(costs: list[Cost]) -> Row:
    ms = [cost.ms for cost in costs]
    requests, queries = max(cost.requests for cost in costs), max(cost.queries for cost in costs)
    middle, cpu = percentile(ms, 0.5), percentile([cost.cpu for cost in costs], 0.5)
    return Row(
        f"tick, {OPEN:,} open payments, nothing new",
        f"{requests} RPC, {queries} queries, {middle:.1f} ms (p95 {percentile(ms, 0.95):.1f}), {cpu:.1f} ms CPU",
        "1 RPC, ≤ 3 queries, 50 ms",
        requests == 1 and queries <= 3 and middle <= 50,
    )


def _arrival_row(costs: list[Cost]) -> Row:
    slowest = max(costs, key=lambda cost: cost.ms)
    return Row(
        f"tick, {ARRIVING} new transactions",
        f"{slowest.requests} RPC, {slowest.queries} queries, {slowest.ms:.0f} ms (slowest of {len(costs)}), {slowest.cpu:.0f} ms CPU",
        "1 s",
        slowest.ms <= 1000,
    )


class Customer:
    """The payer's wallet, with a coin for each transaction to come, so that none waits for another's change."""

    def __init__(self) -> None:
        self._rpc = RpcClient(
            settings.BITCOIN_RPC_URL, settings.BITCOIN_RPC_USER, settings.BITCOIN_RPC_PASSWORD, timeout=60
        )
        own = {self.call("getnewaddress", f"coin {i}"): 0.01 for i in range(ROUNDS * ARRIVING)}
        self.call("sendmany", "", own)
        self.mine()

    def call(self, method: str, *params: object) -> Any:
        """Return the result of a call in the customer's wallet."""
        return self._rpc.call(method, *params, path="/wallet/customer")

    def mine(self) -> None:
        """Mine one block."""
        self.call("generatetoaddress", 1, self.call("getnewaddress"))


def _arrivals(customer: Customer) -> Cost:
    """Return the cost of the tick that first sees a hundred transactions, each paying a payment of its own in full."""
    payments = _open_payments(ARRIVING, provisioned=True)
    for payment in payments:
        address = PaymentOption.objects.get(payment=payment).address
        customer.call("sendtoaddress", address, str(Decimal(payment.amount) / 100_000_000))
    cost = _cost(tick)
    seen = Payment.objects.filter(pk__in=[one.pk for one in payments]).exclude(status=PaymentStatus.NEW).count()
    if seen != ARRIVING:
        raise RuntimeError(f"the tick saw {seen} of {ARRIVING} payments")
    customer.mine()
    tick()
    return cost


def _open_payments(count: int, *, provisioned: bool = False) -> list[Payment]:
    quote, now = Quote(Decimal(60000), "fixed", clock.now()), clock.now()
    expires_at = now + timedelta(hours=1)
    payments = Payment.objects.bulk_create(
        [
            Payment(
                fiat_amount=Decimal(6),
                currency="EUR",
                rate=quote.price,
                rate_source=quote.source,
                rate_at=quote.at,
                amount=10_000,
                required_confirmations=confirmations_for(Decimal(6)),
                expires_at=expires_at,
                watch_at=expires_at,
            )
            for _ in range(count)
        ],
        batch_size=500,
    )
    if provisioned:
        for payment in payments:
            provision(payment_id=payment.pk)
    else:
        PaymentOption.objects.bulk_create(
            [PaymentOption(payment=one, method="onchain", address=f"open-{one.pk}") for one in payments],
            batch_size=500,
        )
    return payments


def _cost(work: Callable[[], object]) -> Cost:
    with _counted() as cost:
        started, used = time.perf_counter(), time.process_time()
        work()
        cost.ms, cost.cpu = (time.perf_counter() - started) * 1000, (time.process_time() - used) * 1000
    return cost


@contextmanager
def _counted() -> Iterator[Cost]:
    cost = Cost()
    call, batch = RpcClient.call, RpcClient.batch

    def counted_call(self: RpcClient, *args: Any, **named: Any) -> Any:
        cost.requests += 1
        return call(self, *args, **named)

    def counted_batch(self: RpcClient, *args: Any, **named: Any) -> Any:
        cost.requests += 1
        return batch(self, *args, **named)

    def counted_query(execute: Callable[..., Any], *args: Any) -> Any:
        cost.queries += 1
        return execute(*args)

    with (
        patch.object(RpcClient, "call", counted_call),
        patch.object(RpcClient, "batch", counted_batch),
        connection.execute_wrapper(counted_query),
    ):
        yield cost
