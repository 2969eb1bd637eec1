"""What the sandbox serialises, read by a library that knows nothing of it (python-bitcoinlib)."""

from decimal import Decimal

import bitcoin
import pytest
from bitcoin.core import CBlock, CheckBlock, CheckTransaction, CTransaction, b2lx, lx, x

from tests.nodes import Client


@pytest.fixture(autouse=True)
def regtest():
    # The library's choice of network belongs to the process.
    bitcoin.SelectParams("regtest")
    yield
    bitcoin.SelectParams("mainnet")


def paid(node: Client) -> tuple[str, str]:
    address = node.rpc("getnewaddress", wallet="store")
    return node.rpc("sendtoaddress", address, "0.015", wallet="customer"), address


def test_a_transaction_is_what_its_ids_say(sandbox_node: Client) -> None:
    txid, address = paid(sandbox_node)
    shown = sandbox_node.rpc("getrawtransaction", txid, True)
    transaction = CTransaction.deserialize(x(shown["hex"]))
    CheckTransaction(transaction)
    assert (b2lx(transaction.GetTxid()), b2lx(transaction.GetHash())) == (txid, shown["hash"])
    script = x(sandbox_node.rpc("validateaddress", address)["scriptPubKey"])
    assert [out.nValue for out in transaction.vout if bytes(out.scriptPubKey) == script] == [1_500_000]
    assert Decimal("0.015") in [out["value"] for out in shown["vout"]]


def test_a_block_has_its_work_its_merkle_root_and_its_payment(sandbox_node: Client) -> None:
    txid, _ = paid(sandbox_node)
    to = sandbox_node.rpc("getnewaddress", wallet="customer")
    (block_hash,) = sandbox_node.rpc("generatetoaddress", 1, to)
    block = CBlock.deserialize(x(sandbox_node.rpc("getblock", block_hash, 0)))
    CheckBlock(block)
    assert b2lx(block.GetHash()) == block_hash
    assert block.hashMerkleRoot == block.calc_merkle_root()
    assert lx(txid) in [transaction.GetTxid() for transaction in block.vtx]
