"""Blocks that leave the chain, in each of the ways that were recorded (06 i to vi)."""

import pytest

pytestmark = pytest.mark.django_db
AMOUNT = 100_000


@pytest.fixture
def mined(shop, chain):
    """A payment with one confirmation in block `block`, and the signed transaction that made it."""
    asked = shop.ask()
    asked.coin = chain.coin()
    asked.raw = chain.sign(asked.coin, {asked.address: AMOUNT})
    asked.conflict = chain.sign(asked.coin, {chain.elsewhere(): AMOUNT}, fee=20_000)
    asked.txid = chain.send(asked.raw)
    asked.block = chain.mine()[0]
    shop.tick()
    assert asked.state == ("settled", "", AMOUNT, 1)
    return asked


def test_i_the_other_branch_has_it_too(shop, chain, mined, heard):
    chain.reorganise(mined.block, (mined.txid,), ())
    shop.tick()
    assert mined.state == ("settled", "", AMOUNT, 2)
    assert len(heard) == 1


def test_ii_it_waits_in_the_mempool_again(shop, chain, mined, heard):
    chain.reorganise(mined.block, (), ())
    shop.tick()
    assert mined.state == ("seen", "", AMOUNT, 0)
    assert heard[-1].previous == "settled"
    chain.block(mined.txid)
    shop.tick()
    assert mined.state == ("settled", "", AMOUNT, 1)


def test_iii_the_other_branch_has_a_double_spend_and_the_branches_flip(shop, chain, mined, heard):
    branch = chain.reorganise(mined.block, (mined.conflict,), ())
    shop.tick()
    assert mined.state == ("new", "", 0, 0)
    assert mined.transfers == [(mined.txid, "conflicted", AMOUNT, -2)]
    chain.rpc("invalidateblock", branch[0])
    chain.rpc("reconsiderblock", mined.block)
    chain.mine(2)
    shop.tick()
    assert mined.state == ("settled", "", AMOUNT, 3)
    chain.rpc("reconsiderblock", branch[0])
    chain.rpc("invalidateblock", mined.block)
    chain.mine(4)
    shop.tick()
    assert mined.state == ("new", "", 0, 0)
    assert mined.transfers[0][1] == "conflicted"
    assert [one.status for one in heard if one.status != one.previous] == ["settled", "new", "settled", "new"]


def test_iv_seven_deep(shop, chain, mined):
    chain.mine(6)
    shop.tick()
    assert mined.state == ("settled", "", AMOUNT, 7)
    chain.reorganise(mined.block, (mined.conflict,), *[()] * 7)
    shop.tick()
    assert mined.state == ("new", "", 0, 0)
    assert mined.transfers == [(mined.txid, "conflicted", AMOUNT, -8)]


def test_v_a_block_is_disconnected_and_none_has_taken_its_place(shop, chain, mined):
    chain.rpc("invalidateblock", mined.block)
    shop.tick()
    assert mined.state == ("seen", "", AMOUNT, 0)
    chain.rpc("reconsiderblock", mined.block)
    shop.tick()
    assert mined.state == ("settled", "", AMOUNT, 1)


def test_vi_the_double_spend_is_reorganised_away(shop, chain):
    asked, coin = shop.ask(), chain.coin()
    txid = chain.pay({asked.address: AMOUNT}, coin=coin)
    shop.tick()
    block = chain.block(chain.sign(coin, {chain.elsewhere(): AMOUNT}, fee=20_000))
    shop.tick()
    assert asked.transfers == [(txid, "conflicted", AMOUNT, -1)]
    raw = chain.rpc("gettransaction", txid, wallet="store")["hex"]
    chain.reorganise(block, (raw,), ())
    shop.tick()
    assert asked.state == ("settled", "", AMOUNT, 2)


def test_a_reorganisation_deeper_than_final_is_noticed_when_the_cursor_leaves_the_chain(shop, chain, mined):
    chain.mine(15)
    shop.tick()
    assert mined.row.watch_at is None
    chain.reorganise(mined.block, (mined.conflict,), *[()] * 18)
    shop.tick()
    assert mined.state == ("new", "", 0, 0)
