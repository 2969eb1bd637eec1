"""The node: chain, mempool and wallets behind one lock, and what happens to each when the others change."""

import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from sandbox import block as blocks
from sandbox.address import script_for
from sandbox.block import Block, BlockRejectedError
from sandbox.chain import Chain, Entry, Step
from sandbox.keys import hash160
from sandbox.mempool import Mempool
from sandbox.policy import MempoolError
from sandbox.store import Store, pack, unpack
from sandbox.tx import Tx
from sandbox.wallet.wallet import Wallet

DAY = 24 * 60 * 60
FIRST_COINS = 20
"""How many coinbases of 50 coins the customer starts with."""
MINER_SCRIPT = b"\x00\x14" + hash160(b"the sandbox's own miner, whose coins nobody needs")
MAX_BLOCK_WEIGHT = 3_996_000


class Node:
    """Everything the sandbox knows. Use it inside `working()`, which locks and makes changes last."""

    def __init__(self, directory: Path | None) -> None:
        self.lock = RLock()
        self.started = time.monotonic()
        self.store = Store(directory)
        self.chain = Chain(self.store)
        self.mempool = Mempool(self.store, self.chain)
        self.wallets: dict[str, Wallet] = {}
        self.downloading = True

    @contextmanager
    def working(self) -> Iterator[None]:
        """One call at a time; whatever it changed is on disk when it ends."""
        with self.lock:
            try:
                yield
            finally:
                self.store.commit()

    def open(self, *, empty_mempool: bool = False) -> None:
        """Take up the stored state, or make the first wallets and coins."""
        with self.working():
            if empty_mempool:
                self.store.write("DELETE FROM mempool")
            self.mempool.load()
            for name, data in list(self.store.read("SELECT name, data FROM wallets ORDER BY rowid")):
                if unpack(data)["autoload"]:
                    self.load_wallet(name)
            if not self.known_wallets():
                self._first_start()
            elif self.now() - self.chain.tip.header.time > DAY:
                self.generate(1, MINER_SCRIPT)
            self._look_at_tip()

    def close(self) -> None:
        """Let go of the store; what was not committed is lost, as in a crash."""
        with self.lock:
            self.store.close()

    def now(self) -> int:
        """Unix seconds."""
        return int(time.time())

    def uptime(self) -> int:
        """Seconds since the start."""
        return int(time.monotonic() - self.started)

    # wallets

    def known_wallets(self) -> list[str]:
        """Names of all wallets, loaded or not."""
        return [name for (name,) in self.store.read("SELECT name FROM wallets ORDER BY rowid")]

    def create_wallet(self, name: str, *, autoload: bool = False, private_keys: bool = True) -> Wallet:
        """Make and load a wallet with a seed of its own."""
        data = {
            "seed": secrets.token_hex(32),
            "next": {},
            "autoload": autoload,
            "disable_private_keys": not private_keys,
            "created": self.now(),
            "processed": self.chain.tip.hash,
        }
        self.store.write("INSERT INTO wallets (name, data) VALUES (?, ?)", name, pack(data))
        return self.load_wallet(name)

    def load_wallet(self, name: str) -> Wallet:
        """Load a wallet, show it the blocks it missed, and send its unconfirmed transactions again, as the node does."""
        (text,) = next(self.store.read("SELECT data FROM wallets WHERE name = ?", name))
        data = unpack(text)
        wallet = Wallet(name=name, data=data, store=self.store, chain=self.chain, mempool=self.mempool)
        self.wallets[name] = wallet
        seen = self.chain.entries.get(data["processed"], self.chain.active[0])
        for entry in self.chain.active[self.chain.fork_point(seen).height + 1 :]:
            self._show_block(entry, [wallet])
        for pending in list(self.mempool):
            wallet.notice(pending.tx, now=self.now())
        for wtx in list(wallet.txs.values()):
            if not wtx.abandoned and not wtx.tx.is_coinbase and wtx.tx.txid not in self.chain.tx_entry:
                self._try_again(wtx.tx)
        return wallet

    def unload_wallet(self, name: str) -> None:
        """Forget a wallet until it is loaded again."""
        wallet = self.wallets.pop(name)
        wallet.data["processed"] = self.chain.tip.hash
        wallet.save()

    # transactions and blocks

    def submit(self, tx: Tx) -> None:
        """Put a transaction into the mempool and show it to the wallets; raises `MempoolError`."""
        self.mempool.accept(tx, now=self.now())
        for wallet in self.wallets.values():
            wallet.notice(tx, now=self.now())

    def add_block(self, block: Block) -> None:
        """Take a block from a miner; raises `BlockRejectedError`."""
        self.digest(self.chain.add(block))
        if self.chain.rejected is not None:
            raise BlockRejectedError(self.chain.rejected)

    def invalidate(self, entry: Entry) -> None:
        """Rule a block out (invalidateblock)."""
        self.digest(self.chain.set_invalid(entry, invalid=True))

    def reconsider(self, entry: Entry) -> None:
        """Let a ruled out block in again (reconsiderblock)."""
        self.digest(self.chain.set_invalid(entry, invalid=False))

    def digest(self, steps: Sequence[Step]) -> None:
        """Bring mempool and wallets in line after the active chain moved."""
        undone = [step.entry for step in steps if not step.connected]
        for entry in (step.entry for step in steps if step.connected):
            self.mempool.confirm(entry.block)
            self._show_block(entry, self.wallets.values())
        if undone:
            returning = [tx for entry in reversed(undone) for tx in entry.block.txs if not tx.is_coinbase]
            for tx in returning:
                if tx.txid not in self.chain.tx_entry:
                    self._try_again(tx)
            self.mempool.drop_orphaned()
        self._look_at_tip()

    def next_block(self, script: bytes, txs: Sequence[Tx], fees: int, parent: Entry | None = None) -> Block:
        """Give a mined block on `parent` (the tip if None), not submitted; fees in satoshi."""
        parent = parent or self.chain.tip
        when = max(self.now(), self.chain.median_time(parent) + 1)
        height = parent.height + 1
        return blocks.mine(prev=parent.hash, height=height, time=when, script=script, fees=fees, txs=txs)

    def generate(self, count: int, script: bytes) -> list[str]:
        """Mine blocks with what is in the mempool; gives their hashes."""
        return [self._generate_one(script) for _ in range(count)]

    def _generate_one(self, script: bytes) -> str:
        chosen = self._choose()
        fees = sum(self.mempool.entries[tx.txid].fee for tx in chosen)
        block = self.next_block(script, chosen, fees)
        self.add_block(block)
        return block.hash

    def _choose(self) -> list[Tx]:
        """Mempool transactions for the next block: best paying first, parents before children."""
        chosen: dict[str, Tx] = {}
        weight = 4000
        for pending in sorted(self.mempool, key=lambda one: -one.fee / one.tx.vsize):
            family = [*self._in_order(self.mempool.ancestors(pending.tx)), pending.tx]
            fresh = [tx for tx in family if tx.txid not in chosen]
            added = sum(tx.weight for tx in fresh)
            if weight + added <= MAX_BLOCK_WEIGHT:
                weight += added
                chosen |= {tx.txid: tx for tx in fresh}
        return list(chosen.values())

    def _in_order(self, txids: Iterable[str]) -> list[Tx]:
        txs = [self.mempool.entries[txid].tx for txid in txids]
        return sorted(txs, key=lambda tx: len(self.mempool.ancestors(tx)))

    # inside

    def _first_start(self) -> None:
        for name in ("store", "customer"):
            self.create_wallet(name, autoload=True)
        address = self.wallets["customer"].new_address("bech32", "first coins")
        self.generate(FIRST_COINS, script_for(address))
        self.generate(100, MINER_SCRIPT)

    def _show_block(self, entry: Entry, wallets: Iterable[Wallet]) -> None:
        for wallet in wallets:
            for tx in entry.block.txs:
                wallet.notice(tx, now=self.now(), block_time=entry.header.time)
            if not wallet.data["autoload"]:
                wallet.data["processed"] = entry.hash
                wallet.save()

    def _try_again(self, tx: Tx) -> None:
        try:
            self.mempool.accept(tx, now=self.now(), bypass=True)
        except MempoolError:
            return  # its coins are spent or gone: the node leaves it out as well
        for wallet in self.wallets.values():
            wallet.notice(tx, now=self.now())

    def _look_at_tip(self) -> None:
        """Give the node counts as synchronised once it has seen a tip younger than a day, and stays so."""
        if self.now() - self.chain.tip.header.time < DAY:
            self.downloading = False
