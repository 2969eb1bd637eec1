"""Blocks, branches and coinbases, as a real node treats them."""

from decimal import Decimal
from typing import Any

import pytest

from sandbox.address import script_for
from sandbox.block import GENESIS, Block, mine
from tests.nodes import Client, NodeError

MINER = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"


def build(node: Client, parent: str, *, fees: int = 0) -> Block:
    head = node.rpc("getblockheader", parent)
    return mine(
        prev=parent, height=head["height"] + 1, time=head["time"] + 1, script=script_for(MINER), fees=fees, txs=[]
    )


def seen(node: Client, *arguments: Any) -> list[dict[str, Any]]:
    return list(node.rpc("listsinceblock", *arguments, wallet="store")["transactions"])


def test_the_chain_starts_with_the_genesis_block_of_regtest(a_node: Client) -> None:
    assert a_node.rpc("getblockhash", 0) == GENESIS.hash
    assert a_node.rpc("getblock", a_node.rpc("getblockhash", 1), 0)[8:72] == bytes.fromhex(GENESIS.hash)[::-1].hex()


def test_a_coinbase_matures_after_a_hundred_blocks_more(a_node: Client) -> None:
    address = a_node.rpc("getnewaddress", "mined", wallet="store")
    a_node.rpc("generatetoaddress", 1, address)
    (entry,) = seen(a_node)
    assert (entry["category"], entry["generated"], entry["confirmations"]) == ("immature", True, 1)
    txid = entry["txid"]
    assert a_node.rpc("gettransaction", txid, wallet="store")["amount"] == Decimal("0.00000000")
    assert a_node.rpc("getreceivedbyaddress", address, 1, wallet="store") == Decimal("0.00000000")
    assert a_node.rpc("getreceivedbyaddress", address, 0, True, wallet="store") == Decimal("50.00000000")
    assert a_node.rpc("getbalances", wallet="store")["mine"]["immature"] == Decimal("50.00000000")
    a_node.rpc("generatetoaddress", 99, MINER)
    assert [one["category"] for one in seen(a_node)] == ["immature"]
    a_node.rpc("generatetoaddress", 1, MINER)
    assert [one["category"] for one in seen(a_node)] == ["generate"]
    assert a_node.rpc("gettransaction", txid, wallet="store")["amount"] == Decimal("50.00000000")


def test_a_coinbase_off_the_chain_is_an_orphan(a_node: Client) -> None:
    address = a_node.rpc("getnewaddress", "mined", wallet="store")
    (block,) = a_node.rpc("generatetoaddress", 1, address)
    a_node.rpc("invalidateblock", block)
    a_node.rpc("syncwithvalidationinterfacequeue")
    (entry,) = seen(a_node)
    facts = {name: entry[name] for name in ("category", "confirmations", "abandoned", "trusted", "bip125-replaceable")}
    assert facts == {
        "category": "orphan",
        "confirmations": 0,
        "abandoned": True,
        "trusted": False,
        "bip125-replaceable": "unknown",
    }


def test_of_two_branches_the_longer_wins_and_of_equals_the_first(a_node: Client) -> None:
    fork = a_node.rpc("getbestblockhash")
    (first,) = a_node.rpc("generatetoaddress", 1, MINER)
    rival = build(a_node, fork)
    assert a_node.rpc("submitblock", rival.raw.hex()) == "inconclusive"
    assert a_node.rpc("getbestblockhash") == first
    longer = build(a_node, rival.hash)
    assert a_node.rpc("submitblock", longer.raw.hex()) is None
    assert a_node.rpc("getbestblockhash") == longer.hash
    assert a_node.rpc("getblockheader", first)["confirmations"] == -1
    assert a_node.rpc("submitblock", longer.raw.hex()) == "duplicate"


@pytest.mark.parametrize(("damage", "reason"), [("reward", "bad-cb-amount"), ("parent", "prev-blk-not-found")])
def test_a_block_that_breaks_a_rule_is_refused(a_node: Client, damage: str, reason: str) -> None:
    tip = a_node.rpc("getbestblockhash")
    block = build(a_node, tip, fees=1 if damage == "reward" else 0)
    if damage == "parent":
        block = mine(prev="ab" * 32, height=1, time=block.header.time, script=b"\x51", fees=0, txs=[])
    assert a_node.rpc("submitblock", block.raw.hex()) == reason
    assert a_node.rpc("getbestblockhash") == tip


def test_a_cursor_of_which_only_the_header_is_known_cannot_be_read(a_node: Client) -> None:
    fork = a_node.rpc("getbestblockhash")
    a_node.rpc("generatetoaddress", 1, MINER)
    unseen = build(a_node, fork)
    assert a_node.ask("listsinceblock", [unseen.hash], wallet="store").error["code"] == -5
    a_node.rpc("submitheader", unseen.header.raw.hex())
    reply = a_node.ask("listsinceblock", [unseen.hash, 1, True, True], wallet="store")
    assert (reply.status, reply.error) == (500, {"code": -32603, "message": "Can't read block from disk"})
    assert "removed" not in a_node.rpc("listsinceblock", unseen.hash, 1, True, False, wallet="store")


def test_a_wallet_looks_at_the_blocks_it_missed_when_it_is_loaded(a_node: Client) -> None:
    address = a_node.rpc("getnewaddress", "later", wallet="store")
    a_node.rpc("unloadwallet", "store", False)
    a_node.rpc("sendtoaddress", address, "0.01", wallet="customer")
    a_node.rpc("generatetoaddress", 1, MINER)
    a_node.rpc("loadwallet", "store", True)
    assert [(one["amount"], one["confirmations"], one["label"]) for one in seen(a_node)] == [
        (Decimal("0.01000000"), 1, "later")
    ]


def test_a_refused_label_uses_up_no_address(a_node: Client) -> None:
    first = a_node.rpc("getnewaddress", "one", wallet="store")
    with pytest.raises(NodeError) as refused:
        a_node.rpc("getnewaddress", "*", wallet="store")
    assert refused.value.code == -11
    second = a_node.rpc("getnewaddress", "two", wallet="store")
    paths = [a_node.rpc("getaddressinfo", one, wallet="store")["hdkeypath"] for one in (first, second)]
    assert paths == ["m/84h/1h/0h/0/0", "m/84h/1h/0h/0/1"]


def test_a_branch_that_turns_out_wrong_leaves_everything_as_it_was(a_node: Client) -> None:
    address = a_node.rpc("getnewaddress", "an order", wallet="store")
    fork = a_node.rpc("getbestblockhash")
    txid = a_node.rpc("sendtoaddress", address, "0.01", wallet="customer")
    (first,) = a_node.rpc("generatetoaddress", 1, MINER)
    rival = build(a_node, fork)
    a_node.rpc("submitblock", rival.raw.hex())
    head = a_node.rpc("getblockheader", rival.hash)
    wrong = mine(
        prev=rival.hash, height=head["height"] + 1, time=head["time"] + 1, script=script_for(MINER), fees=1, txs=[]
    )
    assert a_node.rpc("submitblock", wrong.raw.hex()) == "bad-cb-amount"
    a_node.rpc("syncwithvalidationinterfacequeue")
    assert a_node.rpc("getblockcount") == 121
    depths = {first: 1, rival.hash: 0}
    paid = a_node.rpc("gettransaction", txid, wallet="store")
    assert paid["confirmations"] == depths[a_node.rpc("getbestblockhash")]
    assert (txid in a_node.rpc("getrawmempool")) == (paid["confirmations"] == 0)
