"""Payments that are replaced, evicted or spent otherwise: only what the network keeps is counted, and only once."""

import pytest

from payments import services
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db
AMOUNT = 100_000
NOT_SIGNALLING = 0xFFFFFFFF


@pytest.fixture
def paid(shop, chain):
    """A payment whose full amount waits in the mempool, with the coin that it spends."""
    asked = shop.ask()
    coin = chain.coin()
    asked.coin = coin
    asked.txid = chain.pay({asked.address: AMOUNT}, coin=coin)
    shop.tick()
    assert asked.state == ("seen", "", AMOUNT, 0)
    return asked


def test_a_higher_fee_to_the_same_address_counts_once(shop, chain, paid, heard):
    replacement = chain.pay({paid.address: AMOUNT}, coin=paid.coin, fee=20_000)
    shop.tick()
    assert paid.state == ("seen", "", AMOUNT, 0)
    assert {one[:2] for one in paid.transfers} == {(paid.txid, "replaced"), (replacement, "pending")}
    chain.mine()
    shop.tick()
    assert paid.state == ("settled", "", AMOUNT, 1)
    assert {one[:2] for one in paid.transfers} == {(paid.txid, "conflicted"), (replacement, "confirmed")}
    assert [one.received for one in heard] == [AMOUNT] * len(heard)
    chain.mine(16)
    shop.tick()
    assert paid.row.watch_at is None


def test_a_replacement_that_pays_less_is_short(shop, chain, paid):
    chain.pay({paid.address: 60_000}, coin=paid.coin, fee=20_000)
    shop.tick()
    assert paid.state == ("seen", "underpaid", 60_000, 0)
    chain.mine()
    shop.tick()
    assert paid.state == ("seen", "underpaid", 60_000, 1)


@pytest.mark.parametrize("sequence", [0xFFFFFFFD, NOT_SIGNALLING], ids=["signalling", "full-rbf"])
def test_a_replacement_that_pays_elsewhere_takes_the_money_back(shop, chain, heard, sequence):
    asked, coin = shop.ask(), chain.coin()
    chain.pay({asked.address: AMOUNT}, coin=coin, sequence=sequence)
    shop.tick()
    chain.pay({chain.elsewhere(): AMOUNT}, coin=coin, fee=20_000)
    shop.tick()
    assert asked.state == ("new", "", 0, 0)
    assert asked.transfers[0][1] == "replaced"
    chain.mine()
    shop.tick()
    assert asked.state == ("new", "", 0, 0)
    assert asked.transfers[0][1] == "conflicted"
    assert [(one.previous, one.status) for one in heard] == [("new", "seen"), ("seen", "new")]


def test_a_payment_taken_back_after_its_time_is_invalid(shop, chain, paid, time):
    chain.pay({chain.elsewhere(): AMOUNT}, coin=paid.coin, fee=20_000)
    time.shift(minutes=16)
    shop.tick()
    assert paid.state == ("invalid", "", 0, 0)


def test_two_replacements_in_a_row_leave_the_last(shop, chain, paid):
    chain.pay({paid.address: AMOUNT}, coin=paid.coin, fee=20_000)
    shop.tick()
    last = chain.pay({paid.address: 80_000}, coin=paid.coin, fee=60_000)
    shop.tick()
    assert paid.state == ("seen", "underpaid", 80_000, 0)
    chain.mine()
    shop.tick()
    assert [one for one in paid.transfers if one[1] == "confirmed"] == [(last, "confirmed", 80_000, 1)]
    assert paid.row.received == 80_000


def test_two_replacements_between_two_looks_leave_the_last(shop, chain, paid):
    chain.pay({paid.address: AMOUNT}, coin=paid.coin, fee=20_000)
    chain.pay({paid.address: AMOUNT}, coin=paid.coin, fee=60_000)
    chain.mine()
    shop.tick()
    assert paid.state == ("settled", "", AMOUNT, 1)


def test_a_ghost_whose_parent_was_replaced_does_not_count(shop, chain):
    asked, coin = shop.ask(), chain.coin()
    middle = chain.elsewhere()
    parent = chain.sign(coin, {middle: 5_000_000})
    chain.send(parent)
    decoded = chain.rpc("decoderawtransaction", parent)
    vout = next(one["n"] for one in decoded["vout"] if one["scriptPubKey"]["address"] == middle)
    chain.pay({asked.address: AMOUNT}, coin={"txid": decoded["txid"], "vout": vout, "amount": "0.05"})
    shop.tick()
    assert asked.state == ("seen", "", AMOUNT, 0)
    chain.pay({chain.elsewhere(): 5_000_000}, coin=coin, fee=60_000)
    shop.tick()
    assert asked.state == ("new", "", 0, 0)
    assert asked.transfers[0][1] == "missing"
    chain.mine(6)
    shop.tick()
    assert asked.state == ("new", "", 0, 0)


def test_a_bumped_fee_after_the_time_still_counts_as_in_time(shop, chain, time):
    time.shift(minutes=-14)
    asked, coin = shop.ask(), chain.coin()
    chain.pay({asked.address: AMOUNT}, coin=coin)
    shop.tick()
    time.shift(minutes=16)
    chain.pay({asked.address: AMOUNT}, coin=coin, fee=20_000)
    shop.tick()
    assert asked.state == ("seen", "", AMOUNT, 0)


def test_a_small_payment_in_time_does_not_hold_the_price_for_a_large_late_one(shop, chain, time):
    time.shift(minutes=-30)
    asked, coin = shop.ask(), chain.coin()
    chain.pay({asked.address: 1_000}, coin=coin)
    shop.tick()
    assert asked.state == ("seen", "underpaid", 1_000, 0)
    time.shift(minutes=30)
    chain.pay({asked.address: AMOUNT}, coin=coin, fee=20_000)
    shop.tick()
    assert asked.state == ("expired", "late", AMOUNT, 0)


def test_a_double_spend_in_a_block_takes_the_money_back(shop, chain, paid, heard):
    """Recorded as 05: the payment vanishes from the listing and is not among the removed."""
    chain.block(chain.sign(paid.coin, {chain.elsewhere(): AMOUNT}, fee=20_000))
    shop.tick()
    assert paid.state == ("new", "", 0, 0)
    assert paid.transfers == [(paid.txid, "conflicted", AMOUNT, -1)]
    chain.mine(2)
    shop.tick()
    assert paid.transfers == [(paid.txid, "conflicted", AMOUNT, -3)]
    assert [one.status for one in heard] == ["seen", "new"]


def test_a_double_spend_in_a_block_that_pays_us_too_counts_once(shop, chain, paid):
    chain.block(chain.sign(paid.coin, {paid.address: AMOUNT}, fee=20_000))
    shop.tick()
    assert paid.state == ("settled", "", AMOUNT, 1)


def test_a_miners_reward_counts_once_it_can_be_spent(shop, chain):
    asked = shop.ask()
    chain.rpc("generatetoaddress", 1, asked.address)
    shop.tick()
    status, exception, received, confirmations = asked.state
    assert (status, exception, confirmations) == ("seen", "overpaid", 0)
    assert received > AMOUNT
    chain.mine(99)
    shop.tick()
    assert asked.row.status == "seen"
    chain.mine()
    shop.tick()
    assert asked.state == ("settled", "overpaid", received, 1)


def test_a_miners_reward_that_left_the_chain_does_not_count(shop, chain):
    asked = shop.ask()
    block = chain.rpc("generatetoaddress", 1, asked.address)[0]
    shop.tick()
    chain.reorganise(block, (), ())
    shop.tick()
    assert asked.state == ("new", "", 0, 0)


def test_what_staff_accepted_is_not_enough_once_a_part_of_it_is_taken_back(shop, chain, time):
    asked = shop.ask()
    chain.pay({asked.address: 1_000})
    chain.mine()
    coin = chain.coin()
    chain.pay({asked.address: 98_000}, coin=coin)
    time.shift(minutes=16)
    shop.tick()
    assert asked.state == ("expired", "underpaid", 99_000, 0)
    services.accept(payment_id=asked.id, actor=StaffFactory())
    assert asked.state == ("seen", "", 99_000, 0)
    chain.pay({chain.elsewhere(): 98_000}, coin=coin, fee=60_000)
    chain.mine()
    shop.tick()
    assert asked.state == ("expired", "underpaid", 1_000, 2)
    services.accept(payment_id=asked.id, actor=StaffFactory())
    assert asked.state == ("settled", "", 1_000, 2)


@pytest.fixture
def lost(shop, chain, time):
    """A payment that was in time and left the mempool with its parent, before it was confirmed; and both transactions."""
    asked, coin = shop.ask(), chain.coin()
    middle = chain.elsewhere()
    parent = chain.sign(coin, {middle: 5_000_000})
    chain.send(parent)
    decoded = chain.rpc("decoderawtransaction", parent)
    vout = next(one["n"] for one in decoded["vout"] if one["scriptPubKey"]["address"] == middle)
    asked.raw = chain.sign({"txid": decoded["txid"], "vout": vout, "amount": "0.05"}, {asked.address: AMOUNT})
    chain.send(asked.raw)
    shop.tick()
    time.shift(minutes=16)
    chain.pay({chain.elsewhere(): 5_000_000}, coin=coin, fee=60_000)
    shop.tick()
    assert asked.transfers[0][1] == "missing"
    asked.parent = parent
    return asked


def test_money_that_left_the_mempool_after_the_time_is_waited_for(shop, chain, lost, heard):
    assert lost.state == ("new", "", 0, 0)
    chain.block(lost.parent, lost.raw)
    shop.tick()
    assert lost.state == ("settled", "", AMOUNT, 1)
    assert [one.status for one in heard] == ["seen", "new", "settled"]


def test_money_that_stays_away_for_half_an_hour_is_gone(shop, lost, time):
    time.shift(minutes=29)
    shop.tick()
    assert lost.row.status == "new"
    time.shift(minutes=2)
    shop.tick()
    assert lost.state == ("invalid", "", 0, 0)
