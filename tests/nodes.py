"""Nodes for tests: the sandbox in this process, and a real bitcoind where one is installed.

Both offer `url`, `user`, `password` and `rpc(method, *params, wallet=None)`, so that one test can run against either.
"""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from base64 import b64encode
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from sandbox.server import SandboxNode


class Reply(NamedTuple):
    """An answer as it came: HTTP status, and the parsed body (None when it was not JSON)."""

    status: int
    body: Any
    text: str

    @property
    def result(self) -> Any:
        return self.body["result"]

    @property
    def error(self) -> Any:
        return self.body["error"]


class NodeError(Exception):
    """The node answered with an error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class Client:
    """A small JSON-RPC client; amounts come back as Decimal."""

    def stop(self) -> None:
        raise NotImplementedError

    def restart(self, *, keep_mempool: bool = True, kill: bool = False) -> None:
        raise NotImplementedError

    def __init__(self, url: str, user: str, password: str) -> None:
        self.url = url
        self.authorization = "Basic " + b64encode(f"{user}:{password}".encode()).decode()

    def post(self, path: str, body: bytes, headers: dict[str, str] | None = None) -> Reply:
        """Send a body as it is."""
        sent = {"Authorization": self.authorization, "Content-Type": "application/json", **(headers or {})}
        request = urllib.request.Request(self.url + path, data=body, headers=sent, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return _reply(answer.status, answer.read())
        except urllib.error.HTTPError as error:
            return _reply(error.code, error.read())

    def ask(self, method: str, params: Any = (), *, wallet: str | None = None) -> Reply:
        """Call a method and give the whole answer; an argument dict goes by name."""
        path = f"/wallet/{wallet}" if wallet is not None else "/"
        body = {"jsonrpc": "1.0", "id": "test", "method": method, "params": params}
        return self.post(path, json.dumps(body, default=str).encode())

    def rpc(self, method: str, *params: Any, wallet: str | None = None, **named: Any) -> Any:
        """Call a method and give its result; raises `NodeError`."""
        reply = self.ask(method, named or list(params), wallet=wallet)
        if reply.body is None or reply.error:
            error = (reply.body or {}).get("error") or {"code": reply.status, "message": reply.text}
            raise NodeError(error["code"], error["message"])
        return reply.result


def _reply(status: int, raw: bytes) -> Reply:
    text = raw.decode()
    try:
        return Reply(status, json.loads(text, parse_float=Decimal), text)
    except ValueError:
        return Reply(status, None, text)


class SandboxUnderTest(Client):
    """The sandbox with its own client; `node` is the `SandboxNode`."""

    def __init__(self, state_dir: Path) -> None:
        self.node = SandboxNode(state_dir=state_dir).start()
        self.user, self.password = self.node.user, self.node.password
        super().__init__(self.node.url, self.user, self.password)

    def stop(self) -> None:
        self.node.stop()

    def restart(self, *, keep_mempool: bool = True, kill: bool = False) -> None:
        """Stop it, or kill it, and start it again from the same directory on the same port."""
        if kill:
            self.node.kill()
        else:
            self.node.stop()
        self.node.start(empty_mempool=not keep_mempool)


class RealNode(Client):
    """A bitcoind on regtest in a directory of its own, with the sandbox's two wallets and coins for the customer."""

    user = password = "sandbox"

    def __init__(self, binary: str, directory: Path) -> None:
        self.directory = directory
        self.port = free_port()
        super().__init__(f"http://127.0.0.1:{self.port}", self.user, self.password)
        self.binary = binary
        self.start()
        self.rpc("createwallet", wallet_name="store", load_on_startup=True)
        self.rpc("createwallet", wallet_name="customer", load_on_startup=True)
        address = self.rpc("getnewaddress", "first coins", wallet="customer")
        self.rpc("generatetoaddress", 20, address)
        self.rpc("generatetoaddress", 100, "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080")

    def start(self) -> None:
        """Start it, and wait until it serves."""
        options = ["-regtest", "-listen=0", "-server", "-fallbackfee=0.0001", "-txindex", "-dnsseed=0"]
        login = [f"-rpcuser={self.user}", f"-rpcpassword={self.password}", f"-rpcport={self.port}"]
        command = [self.binary, f"-datadir={self.directory}", *options, *login]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while not self._serves():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError("bitcoind did not start")
            time.sleep(0.1)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=60)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=60)

    def restart(self, *, keep_mempool: bool = True, kill: bool = False) -> None:
        """Stop it, or kill it, and start it again from the same directory on the same port."""
        if kill:
            self.kill()
        else:
            self.stop()
        if not keep_mempool:
            (self.directory / "regtest" / "mempool.dat").unlink(missing_ok=True)
        self.start()

    def _serves(self) -> bool:
        try:
            return self.ask("getblockcount").status == 200
        except OSError:
            return False


def free_port() -> int:
    """A port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def bitcoind() -> str | None:
    """The real node's program: BITCOIND, else the one on PATH, else None."""
    return os.environ.get("BITCOIND") or shutil.which("bitcoind")
