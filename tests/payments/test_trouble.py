"""A node that is slow, gone, starting, refusing or not itself: looks fail in order, go on, and catch up; nothing is lost."""

import shutil
from datetime import timedelta

import pytest

from cryptons import clock
from payments.bitcoin.node import Look
from payments.bitcoin.records import WalletTransaction
from payments.models import Payment, Transfer, Watcher
from payments.watcher import lease, tick
from payments.watcher.book import Sighting, record
from tests.factories import PaymentFactory, TransferFactory
from tests.payments.stub import rpc, serving
from tests.payments.world import Chain, Shop

pytestmark = pytest.mark.django_db
AMOUNT = 100_000


@pytest.fixture
def sandbox(sandbox_node):
    return sandbox_node.node


@pytest.fixture
def shop(sandbox_node, settings, time, heard):
    settings.BITCOIN_RPC_URL = sandbox_node.url
    settings.BITCOIN_RPC_TIMEOUT = 1
    made = Shop(Chain(sandbox_node), time)
    made.tick()
    return made


@pytest.mark.parametrize(
    ("fault", "arguments", "said"),
    [
        ("busy", {}, "busy"),
        ("warming_up", {}, "starting"),
        ("unauthorized", {}, "user and password"),
        ("hang_up", {}, "cannot be reached"),
        ("hang_up_after", {}, "cannot be reached"),
        ("garbage", {}, "no JSON"),
        ("slow", {"seconds": 1.4}, "in time"),
    ],
)
def test_a_look_that_fails_is_noted_and_the_next_one_catches_up(shop, sandbox, fault, arguments, said):
    asked = shop.ask()
    shop.chain.pay({asked.address: AMOUNT})
    before = Watcher.objects.get()
    getattr(sandbox.faults, fault)(**arguments)
    report = tick()
    sandbox.faults.clear()
    assert report.outcome == "failed"
    assert said in report.error
    after = Watcher.objects.get()
    assert (after.cursor, after.last_ok_at, after.leased_by) == (before.cursor, before.last_ok_at, "")
    assert said in after.last_error
    assert asked.state == ("new", "", 0, 0)
    shop.tick()
    assert asked.state == ("seen", "", AMOUNT, 0)
    assert Watcher.objects.get().last_error == ""


def test_nothing_expires_while_the_node_is_away(shop, sandbox, time):
    asked = shop.ask()
    sandbox.stop()
    time.shift(minutes=16)
    assert tick().outcome == "failed"
    assert asked.row.status == "new"
    sandbox.start()
    shop.tick()
    assert asked.row.status == "expired"


def test_a_payment_just_before_the_node_went_away_is_in_time(shop, sandbox, time):
    asked = shop.ask()
    shop.chain.pay({asked.address: AMOUNT})
    shop.chain.mine()
    sandbox.stop()
    time.shift(minutes=16)
    tick()
    sandbox.start()
    shop.tick()
    assert asked.state == ("settled", "", AMOUNT, 1)


def test_a_restart_in_the_middle_changes_nothing(shop, sandbox):
    asked = shop.ask("1000.00")
    amount = asked.row.amount
    shop.chain.pay({asked.address: amount})
    shop.tick()
    sandbox.stop()
    sandbox.start()
    shop.tick()
    assert asked.state == ("seen", "", amount, 0)
    shop.chain.mine(3)
    sandbox.kill()
    sandbox.start()
    shop.tick()
    assert asked.state == ("settled", "", amount, 3)


def fall_back(sandbox, blocks_lost, tmp_path):
    """Kill the node so that it comes back without its last blocks; gives what brings them back."""
    node = sandbox
    node.stop()
    shutil.copytree(node.state_dir, tmp_path / "flushed")
    node.start()
    blocks_lost()
    node.stop()
    shutil.copytree(node.state_dir, tmp_path / "full")

    def restore(name):
        node.stop()
        shutil.rmtree(node.state_dir)
        shutil.copytree(tmp_path / name, node.state_dir)
        node.start()

    node.start()
    return restore


def test_a_tip_that_fell_back_is_waited_for(shop, sandbox, tmp_path, heard):
    """Recorded as 07c: after a kill the cursor is unknown and a confirmed payment shows none, until the blocks are there again."""
    asked = shop.ask()

    def lost():
        shop.chain.mine(10)
        shop.chain.pay({asked.address: AMOUNT})
        shop.chain.mine(8)
        shop.tick()

    restore = fall_back(sandbox, lost, tmp_path)
    waiting = shop.ask()
    assert asked.state == ("settled", "", AMOUNT, 8)
    place = Watcher.objects.values_list("cursor", "height").get()
    restore("flushed")
    report = shop.tick()
    assert report.behind
    assert asked.state == ("settled", "", AMOUNT, 8)
    assert waiting.row.status == "new"
    assert Watcher.objects.values_list("cursor", "height").get() == place
    restore("full")
    report = shop.tick()
    assert not report.behind
    assert asked.state == ("settled", "", AMOUNT, 8)
    assert len(heard) == 1


def test_a_confirmed_payment_that_a_fallen_back_node_does_not_show_stays_confirmed(shop, sandbox, tmp_path):
    asked = shop.ask()

    def lost():
        shop.chain.pay({asked.address: AMOUNT})
        shop.chain.mine(3)
        shop.tick()

    restore = fall_back(sandbox, lost, tmp_path)
    restore("flushed")
    assert shop.tick().behind
    assert asked.state == ("settled", "", AMOUNT, 3)
    restore("full")
    shop.tick()
    assert asked.state == ("settled", "", AMOUNT, 3)


def test_nothing_expires_on_the_word_of_a_node_that_is_catching_up(shop, sandbox, tmp_path, time):
    asked = shop.ask()
    restore = fall_back(sandbox, lambda: (shop.chain.mine(3), shop.tick()), tmp_path)
    restore("flushed")
    time.shift(minutes=16)
    assert shop.tick().behind
    assert asked.row.status == "new"
    restore("full")
    shop.tick()
    assert asked.row.status == "expired"


def test_another_chain_is_taken_as_a_new_beginning(shop, sandbox):
    sandbox.mine(30)
    shop.tick()
    sandbox.stop()
    shutil.rmtree(sandbox.state_dir)
    sandbox.start()
    assert not shop.tick().behind
    asked = shop.ask()
    shop.chain.pay({asked.address: AMOUNT})
    shop.tick()
    assert asked.state == ("seen", "", AMOUNT, 0)


@pytest.mark.parametrize("cursor", ["f" * 64, "not a block hash"])
def test_a_cursor_that_the_node_does_not_know_costs_nothing(shop, sandbox, cursor):
    asked = shop.ask()
    shop.chain.pay({asked.address: AMOUNT})
    sandbox.mine(3)
    Watcher.objects.update(cursor=cursor)
    lease.forget()
    shop.tick()
    assert asked.state == ("settled", "", AMOUNT, 3)
    assert len(Watcher.objects.get().cursor) == 64


def test_a_wallet_that_is_not_loaded_is_loaded(shop, sandbox_node):
    asked = shop.ask()
    shop.chain.pay({asked.address: AMOUNT})
    sandbox_node.rpc("unloadwallet", "store")
    shop.tick()
    assert asked.state == ("seen", "", AMOUNT, 0)
    sandbox_node.rpc("unloadwallet", "store")
    assert shop.ask().address.startswith("bcrt1")


def test_a_node_on_another_network_is_not_asked(shop, settings):
    settings.BITCOIN_NETWORK = "signet"
    report = tick()
    assert report.outcome == "failed"
    assert "network" in report.error


def test_the_sandbox_is_not_trusted_with_production_settings(shop, settings):
    settings.PRODUCTION = True
    report = tick()
    assert report.outcome == "failed"
    assert "play node" in report.error


def test_another_wallet_takes_back_no_money_and_the_right_one_goes_on(shop, sandbox_node, settings, time):
    asked, waiting = shop.ask("1000.00"), shop.ask()
    amount = asked.row.amount
    shop.chain.pay({asked.address: amount})
    shop.chain.mine()
    shop.tick()
    sandbox_node.rpc("createwallet", "other")
    settings.BITCOIN_RPC_WALLET = "other"
    place = Watcher.objects.values_list("cursor", "height").get()
    shop.chain.pay({waiting.address: AMOUNT})
    shop.chain.mine(20)
    shop.tick()
    time.shift(minutes=16)
    shop.tick()
    assert asked.state == ("seen", "", amount, 1)
    assert waiting.row.status == "new"
    assert "is it the right one" in Watcher.objects.get().last_error
    assert Watcher.objects.values_list("cursor", "height").get() == place
    settings.BITCOIN_RPC_WALLET = "store"
    shop.tick()
    assert asked.state == ("settled", "", amount, 21)
    assert waiting.state == ("settled", "", AMOUNT, 20)
    assert Watcher.objects.get().last_error == ""


@pytest.mark.parametrize(
    ("headers", "peers", "downloading", "status"),
    [(120, 8, False, "expired"), (130, 8, False, "new"), (120, 0, False, "new"), (120, 8, True, "new")],
)
def test_nothing_expires_on_the_word_of_a_node_that_hears_of_nothing(
    db, settings, heard, headers, peers, downloading, status
):
    """After a power cut the node starts with old blocks and no peers; what was paid in time is in the blocks to come."""
    payment = PaymentFactory(expires_at=clock.now() - timedelta(minutes=1))
    chain = {"chain": "main", "blocks": 120, "headers": headers, "initialblockdownload": downloading}
    methods = {
        "getblockchaininfo": chain,
        "getnetworkinfo": {"subversion": "/Satoshi:28.1.0/", "connections": peers},
        "listsinceblock": {"transactions": [], "removed": [], "lastblock": "ab" * 32},
    }
    with serving(rpc(methods)) as server:
        settings.BITCOIN_RPC_URL = server.url
        settings.BITCOIN_NETWORK = "main"
        assert [tick().outcome for _ in range(2)] == ["done", "done"]
    payment.refresh_from_db()
    assert payment.status == status


def test_a_node_that_fell_back_with_a_wallet_that_remembers_takes_nothing_back(db, heard):
    """Recorded as 07c: the wallet still knows the transaction, with no confirmation, and the mempool lost it."""
    payment = PaymentFactory(status="settled", received=AMOUNT, confirmations=3)
    row = TransferFactory(payment=payment, state="confirmed", confirmations=3)
    known = WalletTransaction(row.txid, 0, "", (), (), generated=False)
    looks = {row.txid: Look(known, in_mempool=False)}
    held = lease.claim("BTC", clock.now())

    def recorded(*, behind):
        sighting = Sighting(entries={}, looks=looks, asked_at=clock.now(), depth=16, behind=behind)
        record(held, Payment.objects.get(), list(Transfer.objects.all()), [], sighting)
        return Payment.objects.get().status, Transfer.objects.get().state

    assert recorded(behind=True) == ("settled", "confirmed")
    assert recorded(behind=False) == ("new", "missing")
