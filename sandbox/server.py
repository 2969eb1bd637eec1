"""The sandbox as an object: start it, use its URL, stop it, kill it, start it again from the same directory."""

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from sandbox.chain import Entry
from sandbox.faults import Faults
from sandbox.http import RpcServer
from sandbox.node import MINER_SCRIPT, Node
from sandbox.rpc.dispatch import Dispatcher
from sandbox.tx import Tx


class SandboxNode:
    """A Bitcoin node for play and tests.

    `state_dir` None keeps everything in memory (then nothing survives a stop). `port` 0 takes a free one.
    `block_seconds` 0 mines only when asked. `faults` makes it misbehave.
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
    ) -> None:
        self.state_dir = state_dir
        self.host = host
        self.port = port
        self.user = user
        self.password = password
        self.block_seconds = block_seconds
        self.faults = Faults()
        self.stopping = threading.Event()
        self._node: Node | None = None
        self._server: RpcServer | None = None
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

    def start(self) -> Self:
        """Listen and answer; raises `OSError` when the port is taken, `StateInUseError` for a shared directory.

        After a stop it listens on the same port again.
        """
        self.stopping.clear()
        node = Node(self.state_dir)
        try:
            dispatcher = Dispatcher(node, self.stopping.set)
            server = RpcServer((self.host, self.port), dispatcher, f"{self.user}:{self.password}", self.faults)
        except OSError:
            node.close()
            raise
        node.open()
        self.port = server.server_address[1]
        self._node, self._server = node, server
        self._run(server.serve_forever, 0.05)
        if self.block_seconds:
            self._run(self._mine_regularly)
        return self

    def stop(self) -> None:
        """Stop answering; everything answered is on disk."""
        self.stopping.set()
        server, node, self._server, self._node = self._server, self._node, None, None
        if server is None or node is None:
            return
        server.shutdown()
        server.cut_connections()
        server.server_close()
        node.close()
        for thread in self._threads:
            thread.join()
        self._threads = []

    def kill(self) -> None:
        """Go away as after kill -9: connections are cut first, what was not finished is lost."""
        if self._server is not None:
            self._server.cut_connections()
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
        with self.node.working():
            entry = self.node.chain.entries[parent]
            return [self._branch_block(entry, hashes, txs) for hashes in [list[str]()] for txs in blocks]

    def _branch_block(self, entry: Entry, hashes: list[str], txs: list[Tx]) -> str:
        parent = self.node.chain.entries[hashes[-1]] if hashes else entry
        block = self.node.next_block(MINER_SCRIPT, txs, 0, parent)
        self.node.add_block(block)
        hashes.append(block.hash)
        return block.hash

    # inside

    def _run(self, target: object, *arguments: object) -> None:
        if not callable(target):
            raise TypeError("a thread needs something to call")
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _mine_regularly(self) -> None:
        while not self.stopping.wait(self.block_seconds):
            self.mine()
