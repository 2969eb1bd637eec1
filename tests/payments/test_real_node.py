"""A real node that is stopped and killed under the store."""

import pytest

from payments.models import Watcher
from payments.watcher import tick
from tests.nodes import RealNode, bitcoind
from tests.payments.conftest import use
from tests.payments.world import Chain, Shop

pytestmark = [pytest.mark.node, pytest.mark.django_db]
AMOUNT = 100_000


@pytest.fixture
def own_node(tmp_path):
    binary = bitcoind()
    if binary is None:
        pytest.skip("no bitcoind on PATH and BITCOIND is not set")
    node = RealNode(binary, tmp_path)
    yield node
    node.stop()


@pytest.fixture
def shop(own_node, settings, time, heard):
    use(settings, own_node)
    made = Shop(Chain(own_node), time)
    made.tick()
    return made


def test_a_restart_in_the_middle_loses_nothing(shop, own_node):
    asked = shop.ask("1000.00")
    amount = asked.row.amount
    shop.chain.pay({asked.address: amount})
    shop.tick()
    own_node.stop()
    assert tick().outcome == "failed"
    own_node.start()
    shop.tick()
    assert asked.state == ("seen", "", amount, 0)
    shop.chain.mine(3)
    shop.tick()
    assert asked.state == ("settled", "", amount, 3)


def test_a_wallet_that_the_restart_did_not_load_is_loaded(shop, own_node):
    asked = shop.ask()
    shop.chain.pay({asked.address: AMOUNT})
    own_node.rpc("unloadwallet", "store", False)
    own_node.stop()
    own_node.start()
    shop.chain.mine()
    shop.tick()
    assert asked.state == ("settled", "", AMOUNT, 1)


def test_a_kill_that_loses_the_last_blocks_is_waited_for(shop, own_node, heard):
    own_node.stop()
    own_node.start()
    asked = shop.ask()
    shop.chain.mine(15)
    shop.chain.pay({asked.address: AMOUNT})
    shop.chain.mine(3)
    shop.tick()
    height = shop.chain.height()
    blocks = [own_node.rpc("getblock", own_node.rpc("getblockhash", each), 0) for each in range(121, height + 1)]
    place = Watcher.objects.values_list("cursor", "height").get()
    own_node.kill()
    own_node.start()
    assert shop.chain.height() < height
    assert shop.tick().behind
    assert asked.row.status in {"settled", "seen"}
    assert asked.row.received == AMOUNT
    assert Watcher.objects.values_list("cursor", "height").get() == place
    for block in blocks:
        own_node.rpc("submitblock", block)
    assert shop.chain.height() == height
    assert not shop.tick().behind
    assert asked.state == ("settled", "", AMOUNT, 3)
    assert heard[-1].status == "settled"
