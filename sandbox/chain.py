"""The block tree, the active chain through it, and the coins that chain leaves unspent."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sandbox.block import (
    GENESIS,
    HEADER_SIZE,
    Block,
    BlockRejectedError,
    Header,
    check_block,
    height_script,
)
from sandbox.coins import Coins
from sandbox.store import Store
from sandbox.tx import Tx

KEEP_PARSED = 200


@dataclass(eq=False)
class Entry:
    """A known header, with its block when `raw` has one."""

    header: Header
    raw: bytes | None
    parent: "Entry | None"
    height: int
    seq: int
    invalid: bool = False

    @property
    def hash(self) -> str:
        """The block's id."""
        return self.header.hash

    @cached_property
    def block(self) -> Block:
        """The block itself; `ValueError` when only the header is known."""
        if self.raw is None:
            raise ValueError("only the header is known")
        return Block.parse(self.raw)

    @property
    def has_block(self) -> bool:
        """Whether the transactions are known."""
        return self.raw is not None

    def ancestors(self) -> Iterator["Entry"]:
        """Give this block, its parent, and so on down to genesis."""
        entry: Entry | None = self
        while entry is not None:
            yield entry
            entry = entry.parent


class Step(NamedTuple):
    """One block taken off or put on the active chain."""

    connected: bool
    entry: Entry


class Chain:
    """Blocks and coins. Every change is written to the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.entries: dict[str, Entry] = {}
        self.active: list[Entry] = []
        self.coins = Coins()
        self.rejected: str | None = None
        self.tx_entry: dict[str, Entry] = {}
        self.tx_place: dict[str, int] = {}
        self._load()

    # reading

    @property
    def tip(self) -> Entry:
        """The newest block of the active chain."""
        return self.active[-1]

    @property
    def height(self) -> int:
        """The height of the tip."""
        return len(self.active) - 1

    def is_active(self, entry: Entry) -> bool:
        """Whether a block lies on the active chain."""
        return entry.height <= self.height and self.active[entry.height] is entry

    def confirmations(self, entry: Entry) -> int:
        """How deep a block is, -1 for a block that is not on the active chain."""
        return self.height - entry.height + 1 if self.is_active(entry) else -1

    def fork_point(self, entry: Entry) -> Entry:
        """Give the last block a branch shares with the active chain."""
        return next(ancestor for ancestor in entry.ancestors() if self.is_active(ancestor))

    def median_time(self, entry: Entry) -> int:
        """Median of the last eleven block times (BIP 113)."""
        times = sorted(ancestor.header.time for ancestor, _ in zip(entry.ancestors(), range(11), strict=False))
        return times[len(times) // 2]

    def find_tx(self, txid: str) -> Tx | None:
        """Give a confirmed transaction, None when the active chain has none of that id."""
        entry = self.tx_entry.get(txid)
        return entry.block.txs[self.tx_place[txid]] if entry else None

    def tips(self) -> list[Entry]:
        """Blocks nothing is built on."""
        parents = {id(entry.parent) for entry in self.entries.values()}
        return [entry for entry in self.entries.values() if id(entry) not in parents]

    # changing

    def add_header(self, header: Header) -> Entry:
        """Learn a header without its block; raises `BlockRejectedError`."""
        if header.hash in self.entries:
            return self.entries[header.hash]
        parent = self._parent_of(header)
        if not header.has_work:
            raise BlockRejectedError("high-hash")
        return self._keep(header, None, parent)

    def add(self, block: Block) -> list[Step]:
        """Learn a block and follow the longest valid branch; raises `BlockRejectedError`.

        A block may turn out to spend wrongly only once it is put on; `rejected` then says why, None if all is well.
        """
        known = self.entries.get(block.hash)
        if known is not None and known.has_block:
            raise BlockRejectedError("duplicate-invalid" if self._is_bad(known) else "duplicate")
        parent = self._parent_of(block.header)
        check_block(block)
        if not block.txs[0].inputs[0].script_sig.startswith(height_script(parent.height + 1)[:-1]):
            raise BlockRejectedError("bad-cb-height")
        if block.header.time <= self.median_time(parent):
            raise BlockRejectedError("time-too-old")
        self.rejected = None
        self._keep(block.header, block, parent)
        return self._follow_best()

    def set_invalid(self, entry: Entry, *, invalid: bool) -> list[Step]:
        """Rule a block out, or let it and its branch in again; then follow the best branch."""
        changed = [entry] if invalid else [*self._descendants(entry), *entry.ancestors()]
        for one in changed:
            if one.invalid != invalid:
                self._mark(one, invalid=invalid)
        return self._follow_best()

    # inside

    def _load(self) -> None:
        genesis = Entry(GENESIS.header, GENESIS.raw, None, 0, 0)
        self.entries[genesis.hash] = genesis
        self.active = [genesis]
        for seq, raw, invalid in self._store.read("SELECT seq, raw, invalid FROM blocks ORDER BY seq"):
            header = Header.parse(raw[:HEADER_SIZE])
            parent = self.entries[header.prev]
            body = raw if len(raw) > HEADER_SIZE else None
            self.entries[header.hash] = Entry(header, body, parent, parent.height + 1, seq, bool(invalid))
        self.coins.trusting = True
        self._follow_best()
        self.coins.trusting = False

    def _parent_of(self, header: Header) -> Entry:
        parent = self.entries.get(header.prev)
        if parent is None:
            raise BlockRejectedError("prev-blk-not-found")
        if self._is_bad(parent):
            raise BlockRejectedError("bad-prevblk")
        return parent

    def _keep(self, header: Header, block: Block | None, parent: Entry) -> Entry:
        raw = block.raw if block else None
        known = self.entries.get(header.hash)
        seq = known.seq if known else len(self.entries)
        entry = Entry(header, raw, parent, parent.height + 1, seq)
        if known is not None:
            known.raw = raw
            entry = known
        if block is not None:
            entry.__dict__["block"] = block
        self.entries[entry.hash] = entry
        statement = "INSERT OR REPLACE INTO blocks (seq, hash, raw, invalid) VALUES (?, ?, ?, 0)"
        self._store.write(statement, seq, entry.hash, raw or header.raw)
        return entry

    def _mark(self, entry: Entry, *, invalid: bool) -> None:
        entry.invalid = invalid
        self._store.write("UPDATE blocks SET invalid = ? WHERE hash = ?", int(invalid), entry.hash)

    def _is_bad(self, entry: Entry) -> bool:
        for ancestor in entry.ancestors():
            if ancestor.invalid or self.is_active(ancestor):
                return ancestor.invalid
        return False

    def _descendants(self, entry: Entry) -> list[Entry]:
        found = {entry.hash: entry}
        for other in sorted(self.entries.values(), key=lambda one: one.height):
            if other.header.prev in found:
                found[other.hash] = other
        return list(found.values())

    def _best(self) -> Entry:
        """Give the valid block with most work; of two the one learnt first, as the node decides."""
        bad: set[str] = set()
        best = self.active[0]
        for entry in sorted(self.entries.values(), key=lambda one: one.height):
            prev = entry.header.prev
            if entry.invalid or not entry.has_block or prev in bad:
                bad.add(entry.hash)
            elif (entry.height, -entry.seq) > (best.height, -best.seq):
                best = entry
        return best

    def _follow_best(self) -> list[Step]:
        steps: list[Step] = []
        while True:
            best = self._best_quickly()
            if best is self.tip:
                return steps
            fork = self.fork_point(best)
            while self.tip is not fork:
                steps.append(Step(connected=False, entry=self._disconnect()))
            branch = [entry for entry in best.ancestors() if entry.height > fork.height]
            for entry in reversed(branch):
                try:
                    self._connect(entry)
                except BlockRejectedError as error:
                    self.rejected = str(error)
                    self._mark(entry, invalid=True)
                    break
                steps.append(Step(connected=True, entry=entry))

    def _best_quickly(self) -> Entry:
        """`_best`, without walking the tree when the newest block simply extends the tip."""
        newest = next(reversed(self.entries.values()))
        if newest.parent is self.tip and newest.has_block and not newest.invalid and len(self.active) > 1:
            return newest
        return self._best()

    def _connect(self, entry: Entry) -> None:
        if not entry.height:
            return
        self.coins.put_on(entry.block, entry.height)
        for place, tx in enumerate(entry.block.txs):
            self.tx_entry[tx.txid] = entry
            self.tx_place[tx.txid] = place
        self.active.append(entry)
        if entry.height > KEEP_PARSED:  # a sandbox left running for weeks shall not fill the memory
            self.active[entry.height - KEEP_PARSED].__dict__.pop("block", None)

    def _disconnect(self) -> Entry:
        entry = self.active.pop()
        self.coins.take_off(entry.block)
        for tx in entry.block.txs:
            self.tx_entry.pop(tx.txid, None)
            self.tx_place.pop(tx.txid, None)
        return entry
