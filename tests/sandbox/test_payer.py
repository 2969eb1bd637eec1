"""What a payer does, on the sandbox as on a real node."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.nodes import Client, NodeError

ROOT = Path(__file__).resolve().parents[2]


def refusal(node: Client, method: str, *params: Any, wallet: str | None = None) -> tuple[int, str]:
    with pytest.raises(NodeError) as refused:
        node.rpc(method, *params, wallet=wallet)
    return refused.value.code, refused.value.message


def order(node: Client) -> str:
    return str(node.rpc("getnewaddress", "an order", wallet="store"))


def coin(node: Client) -> dict[str, Any]:
    return max(node.rpc("listunspent", 1, wallet="customer"), key=lambda one: one["amount"])


def spend(node: Client, spent: dict[str, Any], address: str, fee: str, sequence: int = 0xFFFFFFFD) -> str:
    """Signed hex of a transaction of 110 vbytes that sends one coin to one address.

    One signature in about 128 is a byte shorter than the others; another lock time gives another signature.
    """
    txin = {"txid": spent["txid"], "vout": spent["vout"], "sequence": sequence}
    for lock_time in range(20):
        raw = node.rpc("createrawtransaction", [txin], [{address: str(spent["amount"] - Decimal(fee))}], lock_time)
        signed = node.rpc("signrawtransactionwithwallet", raw, wallet="customer")
        assert signed["complete"] is True
        if node.rpc("decoderawtransaction", signed["hex"])["vsize"] == 110:
            return str(signed["hex"])
    raise AssertionError("twenty short signatures in a row")


def test_the_script_pays_a_link(a_node: Client) -> None:
    address = order(a_node)
    place = urlsplit(a_node.url).netloc
    login = f"http://sandbox:sandbox@{place}"
    link = f"bitcoin:{address}?amount=0.00152&label=Cryptons"
    command = [sys.executable, "scripts/pay.py", link, "--rpc", login, "--mine", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    paid = a_node.rpc("gettransaction", done.stdout.strip(), wallet="store")
    assert (paid["amount"], paid["confirmations"]) == (Decimal("0.00152000"), 2)


def test_the_script_says_what_is_wrong(a_node: Client) -> None:
    login = f"http://sandbox:wrong@{urlsplit(a_node.url).netloc}"
    command = [sys.executable, "scripts/pay.py", f"bitcoin:{order(a_node)}?amount=1", "--rpc", login]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "The node refuses the user name or password.\n")


def test_raw_transactions_step_by_step(a_node: Client) -> None:
    raw = a_node.rpc("createrawtransaction", [], [{order(a_node): "0.5"}])
    funded = a_node.rpc("fundrawtransaction", raw, {"fee_rate": 5, "changePosition": 1}, wallet="customer")
    assert (funded["fee"], funded["changepos"]) == (Decimal("0.00000705"), 1)
    foreign = a_node.rpc("signrawtransactionwithwallet", funded["hex"], wallet="store")
    assert foreign["complete"] is False
    signed = a_node.rpc("signrawtransactionwithwallet", funded["hex"], wallet="customer")
    assert signed["complete"] is True
    (verdict,) = a_node.rpc("testmempoolaccept", [signed["hex"]])
    assert (verdict["allowed"], verdict["vsize"]) == (True, 141)
    txid = a_node.rpc("sendrawtransaction", signed["hex"])
    assert a_node.rpc("sendrawtransaction", signed["hex"]) == txid
    a_node.rpc("generatetoaddress", 1, order(a_node))
    known = (-27, "Transaction outputs already in utxo set")
    assert refusal(a_node, "sendrawtransaction", signed["hex"]) == known


def test_a_psbt_is_made_signed_finished_and_sent(a_node: Client) -> None:
    options = {"fee_rate": 5, "lockUnspents": True}
    made = a_node.rpc("walletcreatefundedpsbt", [], [{order(a_node): "0.2"}], 0, options, wallet="customer")
    assert len(a_node.rpc("listlockunspent", wallet="customer")) == 1
    unsigned = a_node.rpc("finalizepsbt", made["psbt"])
    assert unsigned["complete"] is False
    signed = a_node.rpc("walletprocesspsbt", made["psbt"], wallet="customer")
    assert signed["complete"] is True
    finished = a_node.rpc("finalizepsbt", signed["psbt"])
    assert finished == {"hex": signed["hex"], "complete": True}
    txid = a_node.rpc("sendrawtransaction", finished["hex"])
    assert a_node.rpc("gettransaction", txid, wallet="store")["amount"] == Decimal("0.20000000")


@pytest.mark.parametrize("kind", ["legacy", "p2sh-segwit", "bech32", "bech32m"])
def test_coins_of_every_address_type_can_be_spent(a_node: Client, kind: str) -> None:
    address = a_node.rpc("getnewaddress", "coins", kind, wallet="store")
    a_node.rpc("sendtoaddress", address, "1", wallet="customer")
    a_node.rpc("generatetoaddress", 1, order(a_node))
    txid = a_node.rpc("sendtoaddress", order(a_node), "0.9", wallet="store")
    a_node.rpc("generatetoaddress", 1, order(a_node))
    assert a_node.rpc("gettransaction", txid, wallet="store")["confirmations"] == 1


def test_several_are_paid_at_once(a_node: Client) -> None:
    first, second = order(a_node), order(a_node)
    txid = a_node.rpc("sendmany", "", {first: "0.1", second: "0.2"}, wallet="customer")
    details = a_node.rpc("gettransaction", txid, wallet="store")["details"]
    assert {(one["address"], one["amount"]) for one in details} == {
        (first, Decimal("0.10000000")),
        (second, Decimal("0.20000000")),
    }
    sent = a_node.rpc("send", {first: "0.3"}, wallet="customer")
    assert sent["complete"] is True
    assert a_node.rpc("gettransaction", sent["txid"], wallet="store")["amount"] == Decimal("0.30000000")


def test_a_higher_fee_replaces_a_payment_once(a_node: Client) -> None:
    txid = a_node.rpc("sendtoaddress", order(a_node), "0.1", wallet="customer")
    size = a_node.rpc("getmempoolentry", txid)["vsize"]  # 141 vbytes, 140 with a short signature
    bumped = a_node.rpc("bumpfee", txid, wallet="customer")
    rate = 1_410_000 // size + 1 + 5_000  # satoshi a kvB: the old one and the wallet's increment
    assert (bumped["origfee"], bumped["fee"]) == (Decimal("0.00001410"), Decimal(-(-rate * 141 // 1000)).scaleb(-8))
    assert a_node.rpc("getrawmempool") == [bumped["txid"]]
    code, message = refusal(a_node, "bumpfee", txid, wallet="customer")
    assert (code, message.endswith(f"which was already bumped by transaction {bumped['txid']}")) == (-4, True)
    assert refusal(a_node, "bumpfee", "00" * 32, wallet="customer") == (-5, "Invalid or non-wallet transaction id")


def test_fees_that_are_too_low_or_absurd_are_refused(a_node: Client) -> None:
    spent, address = coin(a_node), order(a_node)
    cheap = spend(a_node, spent, address, "0.00000001")
    assert refusal(a_node, "sendrawtransaction", cheap) == (-26, "min relay fee not met, 1 < 110")
    assert refusal(a_node, "sendrawtransaction", spend(a_node, spent, address, "0.5")) == (
        -25,
        "Fee exceeds maximum configured by user (e.g. -maxtxfee, maxfeerate)",
    )
    assert a_node.rpc("getrawmempool") == []


def test_a_replacement_must_pay_for_itself_but_need_not_have_been_announced(a_node: Client) -> None:
    spent, address = coin(a_node), order(a_node)
    first = a_node.rpc("sendrawtransaction", spend(a_node, spent, address, "0.00001", 0xFFFFFFFF))
    cheaper = spend(a_node, spent, address, "0.000005")
    code, message = refusal(a_node, "sendrawtransaction", cheaper)
    assert code == -26
    assert message.startswith("insufficient fee, rejecting replacement ")
    assert message.endswith("; new feerate 0.00004545 BTC/kvB <= old feerate 0.00009090 BTC/kvB")
    code, message = refusal(a_node, "sendrawtransaction", spend(a_node, spent, address, "0.0000105"))
    assert message.endswith(", not enough additional fees to relay; 0.0000005 < 0.0000011")
    assert a_node.rpc("getrawmempool") == [first]
    second = a_node.rpc("sendrawtransaction", spend(a_node, spent, address, "0.0001"))
    assert a_node.rpc("getrawmempool") == [second]
    lost = a_node.rpc("gettransaction", first, wallet="store")
    assert (lost["confirmations"], lost["mempoolconflicts"]) == (0, [second])


def test_a_signature_for_something_else_is_refused(a_node: Client) -> None:
    spent = coin(a_node)
    good = spend(a_node, spent, order(a_node), "0.00001")
    other = spend(a_node, spent, order(a_node), "0.00002")
    mixed = other.replace(other[-220:-8], good[-220:-8])
    code, message = refusal(a_node, "sendrawtransaction", mixed)
    assert (code, message.startswith("mandatory-script-verify-flag-failed")) == (-26, True)


def test_a_chain_of_unconfirmed_payments_ends_at_twenty_five(a_node: Client) -> None:
    a_node.rpc("createwallet", "thin")
    a_node.rpc("sendtoaddress", a_node.rpc("getnewaddress", wallet="thin"), "1", wallet="customer")
    a_node.rpc("generatetoaddress", 1, order(a_node))
    for _ in range(25):
        a_node.rpc("sendtoaddress", order(a_node), "0.001", wallet="thin")
    code, message = refusal(a_node, "sendtoaddress", order(a_node), "0.001", wallet="thin")
    assert (code, message.startswith("Unconfirmed UTXOs are available")) == (-6, True)
    a_node.rpc("generatetoaddress", 1, order(a_node))
    a_node.rpc("sendtoaddress", order(a_node), "0.001", wallet="thin")


def test_a_deposit_that_is_not_confirmed_cannot_be_spent(a_node: Client) -> None:
    a_node.rpc("sendtoaddress", order(a_node), "1", wallet="customer")
    assert refusal(a_node, "sendtoaddress", order(a_node), "0.5", wallet="store") == (-6, "Insufficient funds")
    assert a_node.rpc("getbalances", wallet="store")["mine"]["untrusted_pending"] == Decimal("1.00000000")


def test_a_payment_to_oneself_is_sent_and_received(a_node: Client) -> None:
    address = a_node.rpc("getnewaddress", "mine", wallet="customer")
    txid = a_node.rpc("sendtoaddress", address, "0.5", "a note", "a friend", wallet="customer")
    details = a_node.rpc("gettransaction", txid, wallet="customer")["details"]
    assert [(one["category"], one["amount"], one["vout"] == details[0]["vout"]) for one in details] == [
        ("send", Decimal("-0.50000000"), True),
        ("receive", Decimal("0.50000000"), True),
    ]
    entries = a_node.rpc("listsinceblock", a_node.rpc("getbestblockhash"), wallet="customer")["transactions"]
    assert {(one["comment"], one["to"]) for one in entries} == {("a note", "a friend")}
