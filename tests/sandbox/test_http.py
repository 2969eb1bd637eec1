"""The node's HTTP interface, held against recording 08: statuses, bodies and headers of success and failure."""

import http.client
import json
import socket
import time
from typing import Any
from urllib.parse import urlsplit

import pytest

from sandbox.http import RpcHandler
from tests.nodes import Client, SandboxUnderTest
from tests.sandbox.recording import Record, read


def recorded(step: str) -> list[Record]:
    return [one for one in read("08-errors") if step in one.step and "http" in one.data]


def endpoint(record: Record) -> str:
    return str(record.data["endpoint"]).replace("/wallet/hot", "/wallet/store").replace("/wallet/HOT", "/wallet/STORE")


def body(record: Record) -> bytes:
    """The request as it was sent, rebuilt from what the recording keeps of it."""
    data = record.data
    if "batch" in data:
        return json.dumps(data["batch"]).encode()
    if "body_text" in data:
        return str(data["body_text"]).encode()
    request = {"method": data["method"], "params": data["params"]}
    if "jsonrpc" in data:
        request["jsonrpc"] = data["jsonrpc"]
    answer = data.get("response")
    if not isinstance(answer, dict) or "id" in answer:
        request["id"] = answer["id"] if isinstance(answer, dict) else 1
    if data["http"] == 204:
        del request["id"]
    return json.dumps(request, default=float).encode()


def without_values(answer: Any) -> Any:
    """An answer with results reduced to whether there is one: heights and balances differ from node to node."""
    if isinstance(answer, list):
        return [without_values(one) for one in answer]
    return {key: value if key != "result" else value is not None for key, value in answer.items()}


@pytest.mark.parametrize("step", ["unknown method", "JSON-RPC versions", "ids are echoed", "batch: mixed"])
def test_requests_are_answered_as_recorded(a_node: Client, step: str) -> None:
    for record in recorded(step):
        if record.data["http"] == 401 or "/wallet/watch" in record.data["endpoint"]:
            continue
        sent = body(record)
        reply = a_node.post(endpoint(record), sent)
        assert reply.status == record.data["http"], sent
        if "response" in record.data:
            assert without_values(reply.body) == without_values(record.data["response"]), sent
        else:
            assert reply.text == record.data["response_text"]


def test_wallet_paths_are_exact(a_node: Client) -> None:
    a_node.rpc("createwallet", "sub dir/w ä")
    for record in recorded("wallet endpoint"):
        if record.method == "listwallets":
            continue
        reply = a_node.post(endpoint(record), body(record))
        assert reply.status == record.data["http"], record.data["endpoint"]
        assert (reply.body or {}).get("error") == record.data.get("response", {}).get("error")


def test_other_paths_and_methods_have_the_recorded_bodies(a_node: Client) -> None:
    assert ask(a_node, "GET", "/") == (405, "JSONRPC server handles only POST requests")
    assert ask(a_node, "PUT", "/") == (405, "JSONRPC server handles only POST requests")
    for path in ("/foo", "/wallet", "/rest/chaininfo.json", "//wallet/store"):
        assert ask(a_node, "POST", path) == (404, "")


def ask(node: Client, method: str, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(node.url).netloc, timeout=10)
    request = b'{"method":"getblockcount","params":[],"id":1}'
    connection.request(method, path, request, headers or {"Authorization": node.authorization})
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


def test_a_wrong_password_is_punished_with_a_pause_and_an_empty_401(a_node: Client) -> None:
    started = time.monotonic()
    assert ask(a_node, "POST", "/", {"Authorization": "Basic d3Jvbmc6d3Jvbmc="}) == (401, "")
    assert time.monotonic() - started > 0.24
    started = time.monotonic()
    assert ask(a_node, "POST", "/", {"Accept": "*/*"}) == (401, "")
    assert time.monotonic() - started < 0.2


def test_success_has_the_recorded_headers(a_node: Client) -> None:
    connection = http.client.HTTPConnection(urlsplit(a_node.url).netloc, timeout=10)
    request = b'{"method":"getblockcount","params":[],"id":"c"}'
    connection.request("POST", "/", request, {"Authorization": a_node.authorization})
    answer = connection.getresponse()
    (record,) = recorded("success: response headers")
    assert [name for name, _ in answer.getheaders()] == list(record.data["headers"])
    assert answer.getheader("Content-Type") == "application/json"
    assert answer.read().endswith(b"}\n")
    connection.close()


def test_a_connection_serves_many_calls(a_node: Client) -> None:
    connection = http.client.HTTPConnection(urlsplit(a_node.url).netloc, timeout=10)
    for number in range(3):
        request = json.dumps({"method": "getblockcount", "params": [], "id": number}).encode()
        connection.request("POST", "/", request, {"Authorization": a_node.authorization})
        assert json.loads(connection.getresponse().read())["id"] == number
    connection.close()


def test_a_body_may_come_in_chunks(a_node: Client) -> None:
    connection = http.client.HTTPConnection(urlsplit(a_node.url).netloc, timeout=10)
    pieces = iter([b'{"method":"getblock', b'count","params":[],"id":1}'])
    connection.request("POST", "/", pieces, {"Authorization": a_node.authorization}, encode_chunked=True)
    assert json.loads(connection.getresponse().read())["result"] == 120
    connection.close()


def test_an_idle_connection_is_closed(sandbox_node: SandboxUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    assert RpcHandler.timeout == 30
    monkeypatch.setattr(RpcHandler, "timeout", 0.1)
    host, port = urlsplit(sandbox_node.url).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        assert connection.recv(1) == b""


def test_named_arguments_may_be_mixed_with_positions(a_node: Client) -> None:
    first, second = recorded("named arguments")
    reply = a_node.ask("listsinceblock", first.params, wallet="store")
    assert set(reply.result) == set(first.result)
    reply = a_node.ask("listsinceblock", second.params, wallet="store")
    assert (reply.status, reply.error) == (500, second.error)


def test_the_only_wallet_needs_no_path_and_no_wallet_is_an_error(a_node: Client) -> None:
    no_wallet = recorded("one wallet loaded")[1]
    a_node.rpc("unloadwallet", "customer")
    assert a_node.ask("getbalances").status == 200
    a_node.rpc("unloadwallet", "store")
    reply = a_node.ask("getbalances")
    assert (reply.status, reply.error) == (500, no_wallet.error)
    assert a_node.ask("getbalances", wallet="store").error["code"] == -18
    assert a_node.ask("unloadwallet", ["store"]).error["code"] == -18
    assert a_node.ask("loadwallet", ["doesnotexist"]).error["code"] == -18
    assert a_node.ask("createwallet", ["store"]).error["code"] == -4
