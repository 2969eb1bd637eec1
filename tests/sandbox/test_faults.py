"""The sandbox fails on request in the ways a real node fails."""

import http.client
import time
from pathlib import Path

import pytest

from sandbox.server import SandboxNode
from tests.nodes import Client, SandboxUnderTest


def test_a_full_work_queue_is_a_text(sandbox_node: SandboxUnderTest) -> None:
    sandbox_node.node.faults.busy(times=1)
    reply = sandbox_node.ask("getblockcount")
    assert (reply.status, reply.text) == (503, "Work queue depth exceeded")
    assert sandbox_node.rpc("getblockcount") == 120


def test_warming_up_lasts_as_many_calls_as_told(sandbox_node: SandboxUnderTest) -> None:
    sandbox_node.node.faults.warming_up("Loading wallet…", times=2)
    for _ in range(2):
        reply = sandbox_node.ask("getblockcount")
        assert (reply.status, reply.error) == (500, {"code": -28, "message": "Loading wallet…"})
    assert sandbox_node.rpc("getblockcount") == 120


def test_a_refused_login_is_an_empty_401(sandbox_node: SandboxUnderTest) -> None:
    sandbox_node.node.faults.unauthorized(times=1)
    reply = sandbox_node.ask("getblockcount")
    assert (reply.status, reply.text) == (401, "")


def test_a_slow_answer_is_still_an_answer(sandbox_node: SandboxUnderTest) -> None:
    sandbox_node.node.faults.slow(0.2, times=1)
    started = time.monotonic()
    assert sandbox_node.rpc("getblockcount") == 120
    assert time.monotonic() - started > 0.19


def test_a_connection_closed_before_does_nothing_and_one_closed_after_does_it(sandbox_node: SandboxUnderTest) -> None:
    address = sandbox_node.rpc("getnewaddress", wallet="store")
    sandbox_node.node.faults.hang_up(times=1)
    with pytest.raises((OSError, http.client.HTTPException)):
        sandbox_node.ask("sendtoaddress", [address, "0.01"], wallet="customer")
    assert sandbox_node.rpc("getrawmempool") == []
    sandbox_node.node.faults.hang_up_after(times=1)
    with pytest.raises((OSError, http.client.HTTPException)):
        sandbox_node.ask("sendtoaddress", [address, "0.01"], wallet="customer")
    assert len(sandbox_node.rpc("getrawmempool")) == 1


def test_faults_last_until_they_are_cleared(sandbox_node: SandboxUnderTest) -> None:
    sandbox_node.node.faults.garbage()
    assert [sandbox_node.ask("getblockcount").body for _ in range(3)] == [None, None, None]
    sandbox_node.node.faults.clear()
    assert sandbox_node.rpc("getblockcount") == 120


def test_a_killed_sandbox_comes_back_on_the_same_port(tmp_path: Path) -> None:
    node = SandboxNode(state_dir=tmp_path / "sandbox").start()
    client = Client(node.url, node.user, node.password)
    address = client.rpc("getnewaddress", "an order", wallet="store")
    txid = client.rpc("sendtoaddress", address, "0.01", wallet="customer")
    node.kill()
    with pytest.raises(OSError, match="refused"):
        client.ask("getblockcount")
    node.start()
    assert client.rpc("gettransaction", txid, wallet="store")["confirmations"] == 0
    assert client.rpc("getrawmempool") == [txid]
    node.stop()


def test_a_branch_wins_in_one_go(sandbox_node: SandboxUnderTest) -> None:
    fork = sandbox_node.rpc("getbestblockhash")
    lost = sandbox_node.node.mine(2)
    hashes = sandbox_node.node.branch(fork, [[], [], []])
    assert sandbox_node.rpc("getbestblockhash") == hashes[-1]
    assert sandbox_node.rpc("getblockheader", lost[-1])["confirmations"] == -1
