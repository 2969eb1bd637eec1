"""Unconfirmed transactions: who spends what, and who hangs on whom."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sandbox.block import Block
from sandbox.chain import Chain
from sandbox.coins import MATURITY, Coin
from sandbox.policy import (
    Candidate,
    MempoolError,
    check_alone,
    check_chain_limits,
    check_fee,
    check_replacement,
)
from sandbox.store import Store, pack, unpack
from sandbox.tx import Outpoint, Tx
from sandbox.verify import SpendError, check_inputs

LOCKTIME_THRESHOLD = 500_000_000
SEQUENCE_DISABLED = 1 << 31
SEQUENCE_IN_TIME = 1 << 22


@dataclass(eq=False)
class Pending:
    """One transaction in the mempool; `fee` in satoshi, `height` of the tip when it came in."""

    tx: Tx
    fee: int
    time: int
    height: int


class Mempool:
    """The transactions waiting for a block. Every change is written to the store."""

    def __init__(self, store: Store, chain: Chain) -> None:
        self._store = store
        self._chain = chain
        self.entries: dict[str, Pending] = {}
        self.spends: dict[Outpoint, str] = {}
        self.sequence = 1

    def load(self) -> None:
        """Take back what the store remembers, as far as it still fits the chain."""
        for txid, raw, data in list(self._store.read("SELECT txid, raw, data FROM mempool ORDER BY rowid")):
            facts = unpack(data)
            self._store.write("DELETE FROM mempool WHERE txid = ?", txid)
            try:
                self.accept(Tx.parse(raw), now=facts["time"], bypass=True)
            except MempoolError:
                continue  # its inputs are gone: the node drops it as well

    # reading

    def __contains__(self, txid: str) -> bool:
        return txid in self.entries

    def __iter__(self) -> Iterator[Pending]:
        return iter(self.entries.values())

    def coin(self, outpoint: Outpoint) -> Coin | None:
        """Give the coin behind an outpoint, confirmed or not, spent in the mempool or not."""
        pending = self.entries.get(outpoint[0])
        if pending is None:
            return self._chain.coins.unspent.get(outpoint)
        if outpoint[1] >= len(pending.tx.outputs):
            return None
        output = pending.tx.outputs[outpoint[1]]
        return Coin(output.value, output.script, self._chain.height + 1, coinbase=False)

    def parents(self, tx: Tx) -> set[str]:
        """Give the unconfirmed transactions whose outputs `tx` spends."""
        return {txin.txid for txin in tx.inputs if txin.txid in self.entries}

    def children(self, txid: str) -> set[str]:
        """Give the unconfirmed transactions that spend an output of `txid`."""
        outputs = self.entries[txid].tx.outputs
        spenders = (self.spends.get((txid, index)) for index in range(len(outputs)))
        return {spender for spender in spenders if spender is not None}

    def ancestors(self, tx: Tx) -> set[str]:
        """All unconfirmed transactions `tx` depends on, without itself."""
        return self._closure(self.parents(tx), lambda txid: self.parents(self.entries[txid].tx))

    def descendants(self, txid: str) -> set[str]:
        """`txid` and all unconfirmed transactions that depend on it."""
        return self._closure({txid}, self.children)

    def total(self, txids: Iterable[str]) -> tuple[int, int]:
        """Satoshi of fees and virtual bytes of some transactions together."""
        chosen = [self.entries[txid] for txid in txids]
        return sum(one.fee for one in chosen), sum(one.tx.vsize for one in chosen)

    # changing

    def check(self, tx: Tx, *, bypass: bool = False) -> Candidate:
        """Raise `MempoolError` unless this transaction would be accepted; changes nothing."""
        check_alone(tx)
        self._check_final(tx)
        self._check_new(tx)
        conflicts = {self.spends[txin.outpoint] for txin in tx.inputs if txin.outpoint in self.spends}
        coins = self._coins_of(tx)
        fee = sum(coin.value for coin in coins) - tx.output_value
        if fee < 0:
            raise MempoolError("bad-txns-in-belowout")
        candidate = Candidate(tx, fee, conflicts)
        if not bypass:
            check_fee(candidate)
        check_chain_limits(self, candidate)
        if conflicts:
            candidate.evicted = check_replacement(self, candidate)
        if tx.wtxid not in self._chain.coins.verified:
            try:
                check_inputs(tx, [(coin.value, coin.script) for coin in coins])
            except SpendError as error:
                raise MempoolError(f"mandatory-script-verify-flag-failed ({error})") from error
            self._chain.coins.verified.add(tx.wtxid)
        return candidate

    def accept(self, tx: Tx, *, now: int, bypass: bool = False) -> set[str]:
        """Put a transaction in and give the ids it replaced; raises `MempoolError` and changes nothing then."""
        candidate = self.check(tx, bypass=bypass)
        for txid in candidate.evicted:
            self._drop(txid)
        self.entries[tx.txid] = Pending(tx, candidate.fee, now, self._chain.height)
        for txin in tx.inputs:
            self.spends[txin.outpoint] = tx.txid
        self.sequence += 1
        data = pack({"time": now})
        self._store.write("INSERT OR REPLACE INTO mempool VALUES (?, ?, ?)", tx.txid, tx.raw, data)
        return candidate.evicted

    def remove(self, txid: str) -> set[str]:
        """Take a transaction and everything that depends on it out; gives their ids."""
        gone = self.descendants(txid)
        for one in gone:
            self._drop(one)
        return gone

    def confirm(self, block: Block) -> None:
        """Take out what a block confirmed, and what it made impossible."""
        for tx in block.txs:
            if tx.txid in self.entries:
                self._drop(tx.txid)
        for txin in (txin for tx in block.txs for txin in tx.inputs):
            if txin.outpoint in self.spends:
                self.remove(self.spends[txin.outpoint])

    def drop_orphaned(self) -> None:
        """After a reorganisation: take out what spends coins that are no longer there or not mature."""
        for pending in list(self.entries.values()):
            if pending.tx.txid not in self.entries:
                continue
            try:
                self._coins_of(pending.tx)
                self._check_final(pending.tx)
            except MempoolError:
                self.remove(pending.tx.txid)

    # inside

    def _closure(self, start: set[str], step: Callable[[str], set[str]]) -> set[str]:
        found: set[str] = set()
        waiting = list(start)
        while waiting:
            txid = waiting.pop()
            if txid not in found:
                found.add(txid)
                waiting += step(txid)
        return found

    def _drop(self, txid: str) -> None:
        pending = self.entries.pop(txid)
        for txin in pending.tx.inputs:
            self.spends.pop(txin.outpoint, None)
        self._store.write("DELETE FROM mempool WHERE txid = ?", txid)

    def _check_new(self, tx: Tx) -> None:
        pending = self.entries.get(tx.txid)
        if pending is None:
            return
        same = pending.tx.wtxid == tx.wtxid
        raise MempoolError("txn-already-in-mempool" if same else "txn-same-nonwitness-data-in-mempool")

    def _coins_of(self, tx: Tx) -> list[Coin]:
        coins = []
        for txin in tx.inputs:
            coin = self.coin(txin.outpoint)
            if coin is None:
                known = any((tx.txid, index) in self._chain.coins.unspent for index in range(len(tx.outputs)))
                raise MempoolError("txn-already-known" if known else "bad-txns-inputs-missingorspent")
            depth = self._chain.height + 1 - coin.height
            if coin.coinbase and depth < MATURITY:
                raise MempoolError("bad-txns-premature-spend-of-coinbase", f"tried to spend coinbase at depth {depth}")
            coins.append(coin)
        return coins

    def _check_final(self, tx: Tx) -> None:
        """Lock time against the next block (BIP 113) and relative lock heights (BIP 68)."""
        height = self._chain.height + 1
        now = self._chain.median_time(self._chain.tip) if tx.locktime >= LOCKTIME_THRESHOLD else height
        if tx.locktime >= now and any(txin.sequence != 0xFFFFFFFF for txin in tx.inputs) and tx.locktime:
            raise MempoolError("non-final")
        for txin in tx.inputs if tx.version >= 2 else ():
            if txin.sequence & (SEQUENCE_DISABLED | SEQUENCE_IN_TIME):
                continue
            coin = self.coin(txin.outpoint)
            if coin is not None and coin.height + (txin.sequence & 0xFFFF) > height:
                raise MempoolError("non-BIP68-final")
