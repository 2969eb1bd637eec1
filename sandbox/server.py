"""The sandbox as an object: start it, use its URL, stop it, kill it, start it again from the same directory."""

import threading
from pathlib import Path
from socketserver import ThreadingTCPServer
from types import TracebackType
from typing import Self

from sandbox.faults import Faults
from sandbox.http import RpcServer
from sandbox.node import MINER_SCRIPT, Node
from sandbox.playwallet.server import WalletServer
from sandbox.rpc.dispatch import Dispatcher
from sandbox.tx import Tx


class SandboxNode:
    """A Bitcoin node for play and tests.

    `state_dir` None keeps everything in memory (then nothing survives a stop). `port` 0 takes a free one.
    `block_seconds` 0 mines only when asked. `wallet_port` serves the play wallet page, None does without it.
    `faults` makes it misbehave.
    """

    def __init__(
        self,
        *,
        state_dir: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        user: str = "sandbox",
        password: str = "sandbox",  # noqa: S107 (the documented login of a play node)
        block_seconds: float = 0,
        wallet_port: int | None = None,
    ) -> None:
        self.state_dir = state_dir
        self.host = host
        self.port = port
        self.user = user
        self.password = password
        self.block_seconds = block_seconds
        self.wallet_port = wallet_port
        self.faults = Faults()
        self.stopping = threading.Event()
        self._node: Node | None = None
        self._rpc: RpcServer | None = None
        self._servers: list[ThreadingTCPServer] = []
        self._threads: list[threading.Thread] = []

    @property
    def node(self) -> Node:
        """Chain, mempool and wallets; raises `RuntimeError` while it is not running."""
        if self._node is None:
            raise RuntimeError("the sandbox is not running")
        return self._node

    @property
    def url(self) -> str:
        """Where it listens, without credentials."""
        return f"http://{self.host}:{self.port}"

    @property
    def wallet_url(self) -> str:
        """Where the play wallet page is."""
        return f"http://{self.host}:{self.wallet_port}/"

    def start(self, *, empty_mempool: bool = False) -> Self:
        """Listen and answer; raises `OSError` when the port is taken, `StateError` for an unusable directory.

        After a stop it listens on the same port again. With `empty_mempool` it starts as a node does whose
        mempool was not saved: its wallets then send their own unconfirmed transactions again.
        """
        self.stopping.clear()
        node = Node(self.state_dir)
        try:
            dispatcher = Dispatcher(node, self.stopping.set)
            server = RpcServer((self.host, self.port), dispatcher, f"{self.user}:{self.password}", self.faults)
            self._servers = [server]
            self.port = server.server_address[1]
            if self.wallet_port is not None:
                page = WalletServer((self.host, self.wallet_port), node)
                self._servers.append(page)
                self.wallet_port = page.server_address[1]
        except OSError:
            self._close_servers()
            node.close()
            raise
        node.open(empty_mempool=empty_mempool)
        self._node, self._rpc = node, server
        for one in self._servers:
            self._run(one.serve_forever, 0.05)
        if self.block_seconds:
            self._run(self._mine_regularly)
        return self

    def stop(self) -> None:
        """Stop answering; everything answered is on disk."""
        self.stopping.set()
        node, rpc, self._node, self._rpc = self._node, self._rpc, None, None
        if node is None or rpc is None:
            return
        for one in self._servers:
            one.shutdown()
        rpc.cut_connections()
        self._close_servers()
        node.close()
        for thread in self._threads:
            thread.join()
        self._threads = []

    def kill(self) -> None:
        """Go away as after kill -9: connections are cut first, what was not finished is lost."""
        if self._rpc is not None:
            self._rpc.cut_connections()
        self.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # short cuts for tests

    def mine(self, count: int = 1) -> list[str]:
        """Mine blocks to the sandbox's own miner; gives their hashes."""
        with self.node.working():
            return self.node.generate(count, MINER_SCRIPT)

    def branch(self, parent: str, blocks: list[list[Tx]]) -> list[str]:
        """Build a branch on the block `parent` and submit it in one go; it wins when it is the longest.

        Each inner list holds the transactions of one block. Gives the hashes; raises `BlockRejectedError`.
        """
        hashes: list[str] = []
        with self.node.working():
            for txs in blocks:
                entry = self.node.chain.entries[hashes[-1] if hashes else parent]
                block = self.node.next_block(MINER_SCRIPT, txs, 0, entry)
                self.node.add_block(block)
                hashes.append(block.hash)
        return hashes

    # inside

    def _run(self, target: object, *arguments: object) -> None:
        if not callable(target):
            raise TypeError("a thread needs something to call")
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _close_servers(self) -> None:
        for one in self._servers:
            one.server_close()
        self._servers = []

    def _mine_regularly(self) -> None:
        while not self.stopping.wait(self.block_seconds):
            self.mine()
