"""The sandbox starts with two wallets and coins, and a payment goes from one to the other."""

from decimal import Decimal

from tests.nodes import SandboxUnderTest


def test_the_customer_starts_with_coins_and_the_store_with_none(sandbox_node: SandboxUnderTest) -> None:
    assert sandbox_node.rpc("getbalance", wallet="customer") == Decimal("1000.00000000")
    assert sandbox_node.rpc("getbalance", wallet="store") == Decimal("0.00000000")
    assert sandbox_node.rpc("getblockchaininfo")["initialblockdownload"] is False


def test_a_payment_is_seen_and_then_confirmed(sandbox_node: SandboxUnderTest) -> None:
    address = sandbox_node.rpc("getnewaddress", "an order", wallet="store")
    txid = sandbox_node.rpc("sendtoaddress", address, "0.0150", wallet="customer")
    seen = sandbox_node.rpc("listsinceblock", wallet="store")["transactions"]
    assert [(one["txid"], one["amount"], one["confirmations"], one["label"]) for one in seen] == [
        (txid, Decimal("0.01500000"), 0, "an order")
    ]
    sandbox_node.rpc("generatetoaddress", 2, address)
    assert sandbox_node.rpc("gettransaction", txid, wallet="store")["confirmations"] == 2


def test_amounts_have_eight_decimals(sandbox_node: SandboxUnderTest) -> None:
    assert '"result":1000.00000000' in sandbox_node.ask("getbalance", wallet="customer").text
