"""One look at a time, a look that dies anywhere, a payment that cannot be written, and what a look costs."""

import contextlib
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from cryptons import clock
from payments import ledger, watcher
from payments.models import Cursor, Payment, PaymentOption, Transfer, Watcher
from payments.rates import Quote
from payments.watcher import book, lease, reading, tick
from tests.payments import listening
from tests.payments.world import Chain, Shop

pytestmark = pytest.mark.django_db
AMOUNT = 100_000


@pytest.fixture
def shop(sandbox_node, settings, time, heard):
    settings.BITCOIN_RPC_URL = sandbox_node.url
    made = Shop(Chain(sandbox_node), time)
    made.tick()
    return made


class Died(BaseException):
    """What stands for kill -9: nothing of ours catches it, nothing is cleaned up."""


DEATHS = [
    (reading, "_listing"),
    (watcher, "_cases"),
    (watcher, "record"),
    (book.ledger, "write"),
    (lease.Lease, "hold"),
    (lease.Lease, "finish"),
    (lease, "_keep"),
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("where", "name"), DEATHS, ids=[name for _, name in DEATHS])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_look_that_dies_anywhere_is_repeated_by_the_next(shop, monkeypatch, time, where, name, after, nth):
    asked = [shop.ask() for _ in range(3)]
    shop.chain.pay({one.address: AMOUNT for one in asked[:2]} | {asked[2].address: 70_000})
    shop.chain.mine()
    original, calls = getattr(where, name), []

    def dying(*args, **kwargs):
        calls.append(1)
        if len(calls) == nth and not after:
            raise Died
        result = original(*args, **kwargs)
        if len(calls) == nth:
            raise Died
        return result

    monkeypatch.setattr(where, name, dying)
    with contextlib.suppress(Died):
        tick()
    monkeypatch.setattr(where, name, original)
    lease.forget()
    time.shift(seconds=61)
    shop.tick()
    assert [one.state for one in asked] == [
        ("settled", "", AMOUNT, 1),
        ("settled", "", AMOUNT, 1),
        ("seen", "underpaid", 70_000, 1),
    ]
    assert Transfer.objects.count() == 3
    settled = [one.payment_id for one in listening.updates if one.status == "settled"]
    assert set(settled) == {asked[0].id, asked[1].id}
    assert Watcher.objects.get().leased_by == ""


def test_a_dead_holder_of_this_machine_is_not_waited_for(shop):
    Watcher.objects.update(leased_by=f"{lease._host()}:4194305:x", leased_until=clock.now() + timedelta(hours=1))
    assert tick().outcome == "done"


def test_a_living_holder_is_left_alone(shop):
    Watcher.objects.update(leased_by="elsewhere:1:x", leased_until=clock.now() + timedelta(seconds=5))
    before = Watcher.objects.values().get()
    assert tick().outcome == "busy"
    assert Watcher.objects.values().get() == before


def test_a_lease_from_before_the_clock_was_put_back_is_not_waited_for(shop, time):
    elsewhere = "other-machine:1:abc"
    Watcher.objects.update(leased_by=elsewhere, leased_until=clock.now() + timedelta(seconds=30))
    assert tick().outcome == "busy"
    time.shift(hours=-2)
    assert tick().outcome == "done"


@pytest.mark.django_db(transaction=True)
def test_looks_at_the_same_time_tell_everything_once(shop):
    asked = [shop.ask() for _ in range(5)]
    shop.chain.pay({one.address: AMOUNT for one in asked})
    shop.chain.mine()
    outcomes, barrier = [], threading.Barrier(4)

    def look() -> None:
        barrier.wait()
        outcomes.append(tick().outcome)
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(outcomes) <= {"done", "busy"}
    assert "done" in outcomes
    assert [one.state for one in asked] == [("settled", "", AMOUNT, 1)] * 5
    assert len(listening.updates) == 5


def test_a_holder_that_was_overtaken_writes_nothing(shop, monkeypatch, time):
    """The slow look read an unconfirmed payment; meanwhile another one saw it confirmed and went on."""
    asked = shop.ask()
    shop.chain.pay({asked.address: AMOUNT})
    original, inner = watcher._write, []

    def slow(*args):
        if not inner:
            inner.append(1)
            shop.chain.mine()
            time.shift(seconds=61)
            assert tick().outcome == "done"
        return original(*args)

    monkeypatch.setattr(watcher, "_write", slow)
    assert tick().outcome == "lost"
    assert asked.state == ("settled", "", AMOUNT, 1)
    assert Transfer.objects.get().confirmations == 1
    assert len(listening.updates) == 1


def test_a_holder_that_was_overtaken_takes_back_no_confirmation(shop, monkeypatch, time):
    asked = shop.ask("1000.00")
    amount = asked.row.amount
    shop.chain.pay({asked.address: amount})
    shop.tick()
    shop.chain.mine()
    original, inner = watcher._write, []

    def slow(*args):
        if not inner:
            inner.append(1)
            shop.chain.mine()
            time.shift(seconds=61)
            assert tick().outcome == "done"
        return original(*args)

    monkeypatch.setattr(watcher, "_write", slow)
    assert tick().outcome == "lost"
    assert asked.state == ("seen", "", amount, 2)
    assert Transfer.objects.get().confirmations == 2


def test_a_holder_that_was_overtaken_cannot_store_its_cursor(shop, monkeypatch, time):
    original, inner = watcher.read, []

    def slow(*args):
        result = original(*args)
        if not inner:
            inner.append(1)
            shop.chain.mine()
            time.shift(seconds=61)
            assert tick().outcome == "done"
        return result

    shop.chain.mine()
    monkeypatch.setattr(watcher, "read", slow)
    assert tick().outcome == "lost"
    assert Watcher.objects.get().height == shop.chain.height()


def test_a_payment_that_cannot_be_written_holds_up_no_other(shop, settings, monkeypatch):
    asked = [shop.ask() for _ in range(3)]
    shop.chain.pay({one.address: AMOUNT for one in asked})
    shop.chain.mine()
    place = Watcher.objects.values_list("cursor", flat=True).get()

    def poisoned(update):
        if update.payment_id == asked[1].id:
            raise RuntimeError("the order is broken")

    monkeypatch.setattr(listening, "hear", poisoned)
    report = tick()
    assert (report.outcome, report.failed, report.changed) == ("done", 1, 2)
    assert [one.row.status for one in asked] == ["settled", "new", "settled"]
    assert Transfer.objects.filter(payment=asked[1].id).count() == 0
    assert Watcher.objects.values_list("cursor", flat=True).get() == place
    assert "the order is broken" in Watcher.objects.get().last_error
    monkeypatch.undo()


def test_a_poisoned_payment_is_tried_again(shop, monkeypatch):
    asked = shop.ask()
    shop.chain.pay({asked.address: AMOUNT})
    with monkeypatch.context() as patch:
        patch.setattr(ledger.seam, "announce", lambda update: 1 / 0)
        assert tick().failed == 1
    shop.tick()
    assert asked.state == ("seen", "", AMOUNT, 0)


def test_a_change_by_staff_in_the_middle_is_not_overwritten(shop, monkeypatch):
    asked = shop.ask()
    shop.chain.pay({asked.address: AMOUNT - 5})
    original = watcher._write

    def interrupted(*args):
        Payment.objects.update(version=F("version") + 1, tolerance=5)
        return original(*args)

    monkeypatch.setattr(watcher, "_write", interrupted)
    shop.tick()
    assert asked.state == ("seen", "", AMOUNT - 5, 0)
    assert asked.row.tolerance == 5
    assert Transfer.objects.count() == 1


def many_open(count):
    now = clock.now()
    later = now + timedelta(minutes=15)
    quote = Quote(60000, "fixed", now)
    payments = Payment.objects.bulk_create(
        Payment(
            fiat_amount=60, currency="EUR", rate=quote.price, rate_source="fixed", rate_at=now, amount=AMOUNT,
            required_confirmations=1, expires_at=later, watch_at=later,
        )
        for _ in range(count)
    )  # fmt: skip
    PaymentOption.objects.bulk_create(
        PaymentOption(payment=payment, method="onchain", address=f"address-{payment.pk}") for payment in payments
    )


def test_a_look_with_nothing_new_costs_one_call_and_three_queries(shop, sandbox_node, monkeypatch):
    many_open(2_000)
    shop.tick()
    calls = []
    client = watcher.node()._rpc
    post = client._post
    monkeypatch.setattr(client, "_post", lambda *args, **kwargs: calls.append(args) or post(*args, **kwargs))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        shop.tick()
    assert len(calls) == 1
    assert len(queries) <= 3


def test_cursors_are_kept_newest_first_and_not_for_ever(shop, monkeypatch):
    monkeypatch.setattr(lease, "KEPT_CURSORS", 3)
    for _ in range(5):
        shop.chain.mine()
        shop.tick()
    assert Cursor.objects.count() == 3
    assert Cursor.objects.first().block_hash == Watcher.objects.get().cursor
