"""What a payer does, and what the store makes of it: over real HTTP, against the sandbox and a real node alike."""

from decimal import Decimal

import pytest
from structlog.testing import capture_logs

from payments import services
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db


def test_an_exact_payment_is_seen_and_settles_at_the_confirmations_it_needs(shop, chain, heard):
    asked = shop.ask("1000.00")
    amount = asked.row.amount
    txid = chain.pay({asked.address: amount})
    shop.tick()
    assert asked.state == ("seen", "", amount, 0)
    assert asked.transfers == [(txid, "pending", amount, 0)]
    for confirmations, status in [(1, "seen"), (2, "seen"), (3, "settled"), (4, "settled")]:
        chain.mine()
        shop.tick()
        assert asked.state == (status, "", amount, confirmations)
    told = [(one.previous, one.status, one.confirmations, one.txids) for one in heard]
    assert told == [
        ("new", "seen", 0, (txid,)),
        ("seen", "seen", 1, (txid,)),
        ("seen", "seen", 2, (txid,)),
        ("seen", "settled", 3, (txid,)),
    ]


def test_a_payment_that_is_final_is_no_longer_looked_at(shop, chain):
    asked = shop.ask()
    chain.pay({asked.address: 100_000})
    chain.mine(16)
    shop.tick()
    assert asked.state == ("settled", "", 100_000, 16)
    assert asked.row.watch_at is None
    chain.mine()
    assert shop.tick().changed == 0
    assert asked.row.confirmations == 16


def test_a_part_is_short_and_the_rest_completes_it(shop, chain, heard):
    asked = shop.ask()
    first = chain.pay({asked.address: 60_000})
    shop.tick()
    assert asked.state == ("seen", "underpaid", 60_000, 0)
    assert heard[-1].due == 40_000
    chain.mine()
    second = chain.pay({asked.address: 40_000})
    shop.tick()
    assert asked.state == ("seen", "", 100_000, 0)
    chain.mine()
    shop.tick()
    assert asked.state == ("settled", "", 100_000, 1)
    assert heard[-1].txids == tuple(sorted([first, second]))


def test_two_outputs_of_one_transaction_are_two_transfers(shop, chain):
    one, other = shop.ask(), shop.ask()
    txid = chain.pay({one.address: 100_000, other.address: 90_000})
    shop.tick()
    assert one.state == ("seen", "", 100_000, 0)
    assert other.state == ("seen", "underpaid", 90_000, 0)
    assert one.transfers[0][0] == other.transfers[0][0] == txid


def test_too_much_is_paid_and_said_so(shop, chain, heard):
    asked = shop.ask()
    chain.pay({asked.address: 150_000})
    chain.mine()
    shop.tick()
    assert asked.state == ("settled", "overpaid", 150_000, 1)
    assert heard[-1].due == 0


def test_nothing_came_in_time(shop, chain, time, heard):
    asked = shop.ask()
    time.shift(minutes=15, seconds=1)
    shop.tick()
    assert asked.state == ("expired", "", 0, 0)
    assert asked.row.watch_at is None
    assert [(one.previous, one.status) for one in heard] == [("new", "expired")]


def test_money_after_the_time_is_late_and_kept(shop, chain, time, heard):
    time.shift(minutes=-20)
    asked = shop.ask()
    time.shift(minutes=20)
    shop.tick()
    chain.pay({asked.address: 100_000})
    shop.tick()
    assert asked.state == ("expired", "late", 100_000, 0)
    chain.mine()
    shop.tick()
    assert asked.state[:3] == ("expired", "late", 100_000)
    assert [(one.status, one.exception) for one in heard[:2]] == [("expired", ""), ("expired", "late")]


def test_a_part_that_stays_short_expires_short(shop, chain, time, heard):
    asked = shop.ask()
    chain.pay({asked.address: 60_000})
    chain.mine()
    shop.tick()
    time.shift(minutes=16)
    shop.tick()
    assert asked.state == ("expired", "underpaid", 60_000, 1)
    assert heard[-1].due == 40_000


def test_money_that_came_in_time_counts_although_nobody_looked(shop, chain, time):
    asked = shop.ask()
    chain.pay({asked.address: 100_000})
    time.shift(hours=3)
    chain.mine()
    shop.tick()
    assert asked.state == ("settled", "", 100_000, 1)


def test_asking_for_the_rest_counts_what_comes_after(shop, chain, time):
    time.shift(minutes=-20)
    asked = shop.ask()
    time.shift(minutes=6)
    chain.pay({asked.address: 60_000})
    shop.tick()
    assert asked.state == ("seen", "underpaid", 60_000, 0)
    time.shift(minutes=14)
    shop.tick()
    assert asked.state == ("expired", "underpaid", 60_000, 0)
    services.extend(payment_id=asked.id, actor=StaffFactory())
    chain.mine()
    chain.pay({asked.address: 40_000})
    shop.tick()
    assert asked.state == ("seen", "", 100_000, 0)
    chain.mine()
    shop.tick()
    assert asked.state == ("settled", "", 100_000, 1)


def test_money_for_no_payment_disturbs_nothing(shop, chain):
    asked = shop.ask()
    stranger = chain.rpc("getnewaddress", wallet="store")
    chain.pay({stranger: 50_000, asked.address: 100_000})
    shop.tick()
    assert asked.state == ("seen", "", 100_000, 0)


def test_money_for_no_payment_is_logged_once(shop, chain):
    chain.pay({chain.rpc("getnewaddress", "", wallet="store"): 50_000})
    with capture_logs() as logs:
        shop.tick()
        shop.tick()
    told = [one for one in logs if one["event"] == "money_for_no_payment"]
    assert [one["satoshi"] for one in told] == [50_000]


def test_fewer_confirmations_asked_of_new_payments_change_nothing_for_old_ones(shop, chain, settings):
    settings.PAYMENT_CONFIRMATIONS = {Decimal(0): 20}
    asked = shop.ask()
    settings.PAYMENT_CONFIRMATIONS = {Decimal(0): 1}
    chain.pay({asked.address: 100_000})
    chain.mine(15)
    shop.tick()
    assert asked.state == ("seen", "", 100_000, 15)
    chain.mine(5)
    shop.tick()
    assert asked.state == ("settled", "", 100_000, 20)


def test_more_confirmations_asked_of_new_payments_change_nothing_for_old_ones(shop, chain, settings):
    old = shop.ask()
    settings.PAYMENT_CONFIRMATIONS = {Decimal(0): 30}
    new = shop.ask()
    chain.pay({old.address: 100_000, new.address: 100_000})
    chain.mine(29)
    shop.tick()
    assert (old.state, new.state) == (("settled", "", 100_000, 29), ("seen", "", 100_000, 29))
    chain.mine()
    shop.tick()
    assert new.state == ("settled", "", 100_000, 30)
