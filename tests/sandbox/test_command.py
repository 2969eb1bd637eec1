"""`manage.py sandbox` as a process: it starts, stops, survives being killed, and refuses what it must."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.nodes import Client, free_port

ROOT = Path(__file__).resolve().parents[2]


class Running:
    """A sandbox process with a client for it."""

    def __init__(self, state: Path, port: int, *extra: str, **environment: str) -> None:
        command = [sys.executable, "manage.py", "sandbox", "--state", str(state), "--port", str(port)]
        command += ["--wallet-port", str(free_port()), "--block-seconds", "0", *extra]
        shown = {
            **os.environ,
            "VAR_DIR": str(state.parent),
            "DJANGO_SETTINGS_MODULE": "cryptons.settings",
            **environment,
        }
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=shown, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.client = Client(f"http://127.0.0.1:{port}", "sandbox", "sandbox")

    def wait_until_it_serves(self) -> None:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("Sandbox node on"), line + self.process.stdout.read()

    def finish(self, how: signal.Signals) -> tuple[int, str]:
        self.process.send_signal(how)
        said, _ = self.process.communicate(timeout=30)
        return self.process.returncode, said


@contextmanager
def running(state: Path, port: int) -> Iterator[Running]:
    sandbox = Running(state, port)
    sandbox.wait_until_it_serves()
    try:
        yield sandbox
    finally:
        sandbox.process.kill()
        sandbox.process.communicate()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly(tmp_path: Path, how: signal.Signals) -> None:
    with running(tmp_path / "sandbox", free_port()) as sandbox:
        assert sandbox.finish(how) == (0, "Sandbox stopped.\n")


def test_nothing_it_answered_is_lost_when_it_is_killed(tmp_path: Path) -> None:
    port = free_port()
    answered = []
    with running(tmp_path / "sandbox", port) as first:
        address = first.client.rpc("getnewaddress", "an order", wallet="store")
        answered += [first.client.rpc("sendtoaddress", address, "0.01", wallet="customer") for _ in range(3)]
        (block,) = first.client.rpc("generatetoaddress", 1, address)
        answered.append(first.client.rpc("sendtoaddress", address, "0.02", wallet="customer"))
        first.process.kill()
        first.process.wait()
    with running(tmp_path / "sandbox", port) as second:
        entries = second.client.rpc("listsinceblock", wallet="store")["transactions"]
        paid = {one["txid"]: one["confirmations"] for one in entries if one["category"] == "receive"}
        assert paid == dict(zip(answered, [1, 1, 1, 0], strict=True))
        assert second.client.rpc("getbestblockhash") == block
        assert second.client.rpc("getnewaddress", "next", wallet="store") != address


def test_a_taken_port_gives_one_clear_line(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path / "one", port):
        said, code = start_in_vain(tmp_path / "two", port)
    assert code != 0
    assert said.startswith("CommandError: The sandbox cannot listen on 127.0.0.1")
    assert "SANDBOX_PORT" in said
    assert said.count("\n") == 1


def test_two_sandboxes_do_not_share_a_directory(tmp_path: Path) -> None:
    with running(tmp_path / "one", free_port()):
        said, code = start_in_vain(tmp_path / "one", free_port())
    assert code != 0
    assert "another sandbox is using" in said
    assert said.count("\n") == 1


def start_in_vain(state: Path, port: int, **environment: str) -> tuple[str, int]:
    sandbox = Running(state, port, **environment)
    said, _ = sandbox.process.communicate(timeout=30)
    return said, sandbox.process.returncode


def test_it_refuses_production_settings(tmp_path: Path) -> None:
    said, code = start_in_vain(
        tmp_path / "sandbox",
        free_port(),
        CRYPTONS_ENV="production",
        SECRET_KEY="a-key-for-this-test-only-0123456789-abcdefghijklmnopqrstuvwxyz",
        ALLOWED_HOSTS="shop.example",
        BITCOIN_RPC_USER="merchant",
        BITCOIN_RPC_PASSWORD="of-the-merchant",
        ADMIN_PASSWORD="of-the-merchant-too",
        SITE_URL="https://shop.example",
    )
    assert code != 0
    assert said == "CommandError: The sandbox makes play money and does not start with production settings.\n"
    assert not (tmp_path / "sandbox").exists()


def test_it_mines_by_itself_when_asked_to(tmp_path: Path) -> None:
    sandbox = Running(tmp_path / "sandbox", free_port(), "--block-seconds", "0.1")
    sandbox.wait_until_it_serves()
    try:
        start = sandbox.client.rpc("getblockcount")
        deadline = time.monotonic() + 20
        while sandbox.client.rpc("getblockcount") < start + 2:
            assert time.monotonic() < deadline
    finally:
        sandbox.finish(signal.SIGTERM)
