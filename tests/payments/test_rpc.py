"""The client's manners: what it makes of each thing a node may answer, and what it may repeat."""

import json
import threading
from base64 import b64decode
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from payments.bitcoin.errors import (
    BadAnswer,
    NodeBusy,
    NodeError,
    NodeRefused,
    NodeUnreachable,
    RpcError,
    UntrustedNode,
)
from payments.bitcoin.node import Node, Trust
from payments.bitcoin.rpc import RpcClient
from payments.bitcoin.uri import payment_uri
from tests.payments.stub import rpc, serving

REGTEST = Trust(network="regtest", allow_sandbox=True)


def ok(body, result="null"):
    return 200, f'{{"result":{result},"error":null,"id":{body["id"]}}}'.encode()


def client(server, timeout=2.0):
    return RpcClient(server.url, "user", "secret", timeout=timeout)


def test_amounts_come_as_decimals_and_never_as_floats():
    with serving(lambda path, body: ok(body, "0.01500000")) as server:
        assert client(server).call("getbalance") == Decimal("0.01500000")


def test_calls_share_one_connection():
    with serving(lambda path, body: ok(body, "1")) as server:
        node = client(server)
        for _ in range(5):
            node.call("getblockcount")
        assert server.connections == 1


def test_a_node_behind_a_path_is_asked_there_by_the_user_and_password():
    with serving(lambda path, body: ok(body, "1")) as server:
        node = RpcClient(f"{server.url}/node/", "üser", "pass:word", timeout=2.0)
        node.call("getbalance", path="/wallet/store")
        node.call("getblockcount")
        (headers, *_) = server.headers
    assert [path for path, _ in server.seen] == ["/node/wallet/store", "/node/"]
    assert headers["Host"] == server.url.removeprefix("http://")
    assert (headers["Content-Type"], b64decode(headers["Authorization"].removeprefix("Basic ")).decode()) == (
        "application/json",
        "üser:pass:word",
    )


@pytest.mark.parametrize(
    ("answer", "kind", "permanent"),
    [
        ((401, b""), NodeRefused, True),
        ((403, b""), NodeRefused, True),
        ((404, b""), NodeRefused, True),
        ((503, b"Work queue depth exceeded"), NodeBusy, False),
        ((405, b"JSONRPC server handles only POST requests"), BadAnswer, False),
        ((200, b"<html>proxy</html>"), BadAnswer, False),
        ((200, b""), BadAnswer, False),
        ((200, b"[]"), BadAnswer, False),
        ((200, b'{"result":NaN,"error":null,"id":1}'), BadAnswer, False),
        ((200, b"1"), BadAnswer, False),
        ((200, b'{"result":1,"error":null,"id":"other"}'), BadAnswer, False),
        ((200, b'{"error":null,"id":1}'), BadAnswer, False),
        ((500, b'{"result":null,"error":"no code","id":1}'), BadAnswer, False),
        ((500, b'{"result":null,"error":{"code":-28,"message":"Loading wallet"},"id":1}'), NodeBusy, False),
        ((500, b'{"result":null,"error":{"code":-5,"message":"Block not found"},"id":1}'), RpcError, False),
        ((500, b'{"result":null,"error":{"code":-18,"message":"not loaded"},"id":1}'), RpcError, True),
        ((404, b'{"result":null,"error":{"code":-32601,"message":"Method not found"},"id":1}'), RpcError, True),
    ],
)
def test_each_refusal_has_its_name_status_and_hope(answer, kind, permanent):
    with serving(lambda path, body: answer) as server, pytest.raises(kind) as caught:
        client(server).call("getblockcount")
    assert type(caught.value) is kind
    assert (caught.value.http_status, caught.value.permanent) == (answer[0], permanent)


def test_an_rpc_error_carries_its_code():
    error = b'{"result":null,"error":{"code":-5,"message":"Block not found"},"id":1}'
    with serving(lambda path, body: (500, error)) as server, pytest.raises(RpcError) as caught:
        client(server).call("listsinceblock")
    assert (caught.value.code, caught.value.message, caught.value.http_status) == (-5, "Block not found", 500)


def test_nothing_listening_is_unreachable():
    with pytest.raises(NodeUnreachable):
        RpcClient("http://127.0.0.1:9", "u", "p").call("getblockcount")


def test_silence_ends_with_the_time_out():
    done = threading.Event()

    def silent(path, body):
        done.wait(5)

    with serving(silent) as server:
        with pytest.raises(NodeUnreachable, match="in time"):
            client(server, timeout=0.2).call("getblockcount")
        done.set()
        assert len(server.seen) == 1


def closing_once(result="7"):
    """A server that closes the first request's connection without a word, as a node does with one that idled too long."""
    seen = []

    def answer(path, body):
        seen.append(body)
        return None if len(seen) == 1 else ok(body, result)

    return answer


def test_a_safe_call_is_repeated_once_on_a_fresh_connection():
    with serving(closing_once()) as server:
        assert client(server).call("getblockchaininfo") == 7
        assert server.connections == 2


def test_a_call_that_moves_money_is_never_repeated():
    with serving(closing_once()) as server:
        with pytest.raises(NodeUnreachable):
            client(server).call("sendtoaddress", "x", "1")
        assert server.methods() == ["sendtoaddress"]


def test_a_batch_with_one_unsafe_call_is_never_repeated():
    with serving(closing_once()) as server:
        with pytest.raises(NodeUnreachable):
            client(server).batch([("getblockchaininfo", []), ("sendtoaddress", ["x", "1"])])
        assert len(server.seen) == 1


def test_a_second_broken_connection_is_given_up():
    with serving(lambda path, body: None) as server:
        with pytest.raises(NodeUnreachable):
            client(server).call("getblockchaininfo")
        assert len(server.seen) == 2


def test_a_batch_keeps_its_order_and_tells_errors_apart():
    def answer(path, bodies):
        answers = [{"result": body["params"][0], "error": None, "id": body["id"]} for body in bodies]
        answers[1] = {"result": None, "error": {"code": -5, "message": "no"}, "id": bodies[1]["id"]}
        return 200, json.dumps(answers[::-1]).encode()

    with serving(answer) as server:
        first, second, third = client(server).batch(
            [("getblockhash", [1]), ("getblockhash", [2]), ("getblockhash", [3])]
        )
    assert (first, third) == (1, 3)
    assert isinstance(second, RpcError)
    assert second.code == -5


def test_an_empty_batch_asks_nothing():
    assert RpcClient("http://127.0.0.1:9", "u", "p").batch([]) == []


def test_a_batch_answer_that_lacks_a_member_is_bad():
    def answer(path, bodies):
        return 200, json.dumps([{"result": 1, "error": None, "id": bodies[0]["id"]}]).encode()

    with serving(answer) as server, pytest.raises(BadAnswer):
        client(server).batch([("getblockhash", [1]), ("getblockhash", [2])])


def test_a_node_that_starts_fails_the_whole_batch():
    def answer(path, bodies):
        error = {"code": -28, "message": "Loading wallet"}
        return 200, json.dumps([{"result": None, "error": error, "id": body["id"]} for body in bodies]).encode()

    with serving(answer) as server, pytest.raises(NodeBusy):
        client(server).batch([("getblockhash", [1])])


def test_many_threads_get_their_own_answers():
    def answer(path, body):
        return ok(body, str(body["params"][0]))

    with serving(answer) as server:
        shared, got = client(server), {}

        def ask(number):
            got[number] = [shared.call("getblockhash", number) for _ in range(20)]

        threads = [threading.Thread(target=ask, args=[number]) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert got == {number: [number] * 20 for number in range(8)}


def node(server, trust=REGTEST, wallet="store"):
    return Node(client(server), wallet, trust)


def entry(**fields):
    return {
        "address": "bcrt1q", "category": "receive", "amount": 0.5, "vout": 1, "confirmations": 0, "txid": "aa", "time": 900,
        "timereceived": 1000, "walletconflicts": [], "mempoolconflicts": [], **fields,
    }  # fmt: skip


def listed(*entries, **more):
    return {"listsinceblock": {"transactions": list(entries), "removed": [], "lastblock": "bb", **more}}


def test_a_listing_has_whole_satoshi_and_the_earliest_time():
    with serving(rpc(listed(entry(mempoolconflicts=["cc"]), entry(category="send")))) as server:
        listing = node(server).list_since("", 16)
    (one,) = listing.received
    assert (one.outpoint, one.amount, one.winners) == (("aa", 1), 50_000_000, ("cc",))
    assert one.seen_at == datetime.fromtimestamp(900, tz=UTC)
    assert listing.cursor == "bb"


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "much"}, {"amount": 0.123456789}, {"amount": None}, {"confirmations": "1"}, {"confirmations": 1.5},
        {"vout": True}, {"txid": ""}, {"txid": 5}, {"timereceived": None}, {"time": 10**30, "timereceived": 10**30},
            {"amount": -0.5}, {"amount": 21_000_001}, {"txid": "a" * 65}, {"txid": "xyz"}, {"address": "b" * 121},
            {"mempoolconflicts": [1]},
    ],
)  # fmt: skip
def test_a_listing_that_lies_about_its_form_is_refused(wrong):
    with serving(rpc(listed(entry(**wrong)))) as server, pytest.raises(BadAnswer):
        node(server).list_since("", 16)


@pytest.mark.parametrize(
    "answer", [None, [], {}, {"transactions": [], "removed": []}, {"transactions": 5, "lastblock": "b"}]
)
def test_what_is_no_listing_is_refused(answer):
    with serving(rpc({"listsinceblock": answer})) as server, pytest.raises(BadAnswer):
        node(server).list_since("", 16)


def test_the_network_is_checked_before_anything_is_asked():
    with serving(rpc({"getnewaddress": "x"}, chain="main")) as server:
        with pytest.raises(UntrustedNode):
            node(server).new_address("label")
        assert "getnewaddress" not in server.methods()


def test_a_play_node_is_never_trusted_with_real_money():
    answer = rpc({"getnewaddress": "x"}, chain="main", subversion="/Satoshi:28.1.0(cryptons-sandbox)/")
    with serving(answer) as server:
        with pytest.raises(UntrustedNode, match="play node"):
            node(server, Trust("main", allow_sandbox=False)).new_address("label")
        assert "getnewaddress" not in server.methods()
        assert node(server, Trust("main", allow_sandbox=True)).new_address("label") == "x"


def test_the_network_is_checked_once_and_again_after_trouble():
    answers = rpc({"getnewaddress": "x"})
    down = []
    with serving(lambda path, body: (503, b"busy") if down else answers(path, body)) as server:
        asked = node(server)
        asked.new_address("a")
        asked.new_address("b")
        assert server.methods().count("getblockchaininfo") == 1
        down.append(1)
        with pytest.raises(NodeBusy):
            asked.new_address("c")
        down.clear()
        asked.new_address("d")
        assert server.methods().count("getblockchaininfo") == 2


def test_a_wallet_that_is_not_loaded_is_loaded_once():
    state = {"loaded": False}

    def address(*_):
        return "fresh" if state["loaded"] else (-18, "Requested wallet does not exist or is not loaded")

    def load(name):
        assert name == "my wallet/1"
        state["loaded"] = True
        return {"name": name}

    with serving(rpc({"getnewaddress": address, "loadwallet": load})) as server:
        assert node(server, wallet="my wallet/1").new_address("label") == "fresh"
        assert server.methods().count("loadwallet") == 1
        assert server.seen[-1][0] == "/wallet/my%20wallet%2F1"


def test_a_wallet_that_someone_else_loaded_meanwhile_is_used():
    answers = iter([(-18, "not loaded"), "fresh"])
    with serving(rpc({"getnewaddress": lambda *_: next(answers), "loadwallet": (-35, "already loaded")})) as server:
        assert node(server).new_address("label") == "fresh"


def test_a_wallet_that_is_not_there_is_named():
    answers = rpc({"getnewaddress": (-18, "not loaded"), "loadwallet": (-18, "Path does not exist.")})
    with serving(answers) as server, pytest.raises(RpcError, match="no wallet 'store'") as caught:
        node(server).new_address("label")
    assert caught.value.permanent


def test_a_closer_look_tells_wallet_and_mempool_apart():
    known = {"txid": "aa", "confirmations": 0, "walletconflicts": [], "mempoolconflicts": ["bb"]}
    methods = {
        "getmempoolentry": lambda txid: {"vsize": 1} if txid == "cc" else (-5, "Transaction not in mempool"),
        "gettransaction": lambda txid, _: known if txid == "aa" else (-5, "Invalid or non-wallet transaction id"),
    }
    with serving(rpc(methods)) as server:
        looks = node(server).look(["aa", "cc", "dd"])
    assert (looks["aa"].in_mempool, looks["aa"].transaction.winners) == (False, ("bb",))
    assert (looks["cc"].in_mempool, looks["cc"].transaction) == (True, None)
    assert (looks["dd"].in_mempool, looks["dd"].transaction) == (False, None)


def test_a_closer_look_that_fails_otherwise_is_no_answer():
    with (
        serving(rpc({"getmempoolentry": (-1, "misc"), "gettransaction": (-5, "no")})) as server,
        pytest.raises(NodeError),
    ):
        node(server).look(["aa"])


@pytest.mark.parametrize(
    ("satoshi", "amount"),
    [(1, "0.00000001"), (100_000, "0.001"), (100_000_000, "1"), (2_100_000_000_000_000, "21000000")],
)
def test_a_link_names_the_amount_in_bitcoin(satoshi, amount):
    assert payment_uri("bcrt1q", satoshi) == f"bitcoin:bcrt1q?amount={amount}"


def test_a_link_escapes_its_label():
    assert (
        payment_uri("bcrt1q", 1, label="Ada & Söhne") == "bitcoin:bcrt1q?amount=0.00000001&label=Ada%20%26%20S%C3%B6hne"
    )
