"""A descriptor wallet: its keys, labels, locks, and every transaction it has ever seen."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.address import address_of
from sandbox.chain import Chain
from sandbox.keys import KeyRef, KeyRing
from sandbox.mempool import Mempool
from sandbox.store import Store, pack, unpack
from sandbox.tx import Outpoint, Tx


@dataclass(eq=False)
class WalletTx:
    """A transaction a wallet keeps for ever; times in Unix seconds."""

    tx: Tx
    received: int
    time: int
    abandoned: bool = False
    notes: dict[str, str] = field(default_factory=dict)


class Wallet:
    """One wallet. Every change is written to the store."""

    def __init__(self, *, name: str, data: dict[str, Any], store: Store, chain: Chain, mempool: Mempool) -> None:
        self.name = name
        self.data = data
        self.chain = chain
        self.mempool = mempool
        self._store = store
        self.keys = KeyRing(bytes.fromhex(data["seed"]), data["next"])
        self.labels: dict[str, dict[str, str]] = {}
        self.txs: dict[str, WalletTx] = {}
        self.spends: dict[Outpoint, list[str]] = {}
        self.locked: set[Outpoint] = set()
        self.tx_fee_rate = 0
        self._load()

    # keys and labels

    def new_address(self, kind: str, label: str) -> str:
        """Hand out the next receiving address of a type, with its label."""
        address = self._hand_out(kind, internal=False)
        self.set_label(address, label)
        return address

    def new_change(self, kind: str = "bech32") -> str:
        """Hand out the next change address."""
        return self._hand_out(kind, internal=True)

    def _hand_out(self, kind: str, *, internal: bool) -> str:
        script = self.keys.take(kind, internal=internal)
        self.save()
        address = address_of(script)
        if address is None:
            raise AssertionError("wallet scripts always have an address")
        return address

    def set_label(self, address: str, label: str, purpose: str = "receive") -> None:
        """Enter an address in the address book, or give it another label."""
        self.labels[address] = {"label": label, "purpose": purpose}
        statement = "INSERT OR REPLACE INTO labels (wallet, address, data) VALUES (?, ?, ?)"
        self._store.write(statement, self.name, address, pack(self.labels[address]))

    def label_of(self, script: bytes) -> str | None:
        """Give the label of a script's address, None when the address book does not have it."""
        entry = self.labels.get(address_of(script) or "")
        return entry["label"] if entry else None

    def key_of(self, script: bytes) -> KeyRef | None:
        """Give the key behind a script, None when it is not ours."""
        return self.keys.find(script)

    @property
    def can_sign(self) -> bool:
        """Whether the wallet holds private keys."""
        return not self.data["disable_private_keys"]

    # transactions

    def notice(self, tx: Tx, *, now: int, block_time: int | None = None) -> bool:
        """Keep a transaction if it concerns this wallet; tells whether it does."""
        known = self.txs.get(tx.txid)
        if known is not None:
            if known.abandoned:
                self._update(known, abandoned=False)
            return True
        ours = [ref for output in tx.outputs if (ref := self.key_of(output.script))]
        if not ours and not self.spends_ours(tx):
            return False
        self._mark_used(ours)
        self._keep(WalletTx(tx, now, min(now, block_time) if block_time else now))
        return True

    def keep_own(self, tx: Tx, *, now: int, notes: dict[str, str]) -> WalletTx:
        """Keep a transaction this wallet made, with the payer's comments."""
        return self._keep(WalletTx(tx, now, now, notes={key: text for key, text in notes.items() if text}))

    def note(self, wtx: WalletTx, key: str, text: str) -> None:
        """Add a remark to a kept transaction."""
        wtx.notes[key] = text
        self._update(wtx, abandoned=wtx.abandoned)

    def abandon(self, wtx: WalletTx) -> None:
        """Mark a transaction as given up."""
        self._update(wtx, abandoned=True)

    def forget(self, txid: str) -> None:
        """Remove a transaction altogether (removeprunedfunds)."""
        wtx = self.txs.pop(txid)
        for txin in wtx.tx.inputs:
            self.spends[txin.outpoint].remove(txid)
        self._store.write("DELETE FROM wallet_txs WHERE wallet = ? AND txid = ?", self.name, txid)

    def spends_ours(self, tx: Tx) -> bool:
        """Whether an input spends an output of this wallet."""
        return any(self.own_value(txin.outpoint) is not None for txin in tx.inputs)

    def own_value(self, outpoint: Outpoint) -> int | None:
        """Satoshi of one of our outputs, None when the outpoint is not ours."""
        wtx = self.txs.get(outpoint[0])
        if wtx is None or outpoint[1] >= len(wtx.tx.outputs):
            return None
        output = wtx.tx.outputs[outpoint[1]]
        return output.value if self.key_of(output.script) else None

    # storage

    def save(self) -> None:
        """Write the wallet's own row."""
        self._store.write("INSERT OR REPLACE INTO wallets (name, data) VALUES (?, ?)", self.name, pack(self.data))

    def _load(self) -> None:
        for address, data in self._store.read("SELECT address, data FROM labels WHERE wallet = ?", self.name):
            self.labels[address] = unpack(data)
        rows = self._store.read("SELECT raw, data FROM wallet_txs WHERE wallet = ? ORDER BY seq", self.name)
        for raw, data in rows:
            self._index(WalletTx(Tx.parse(raw), **unpack(data)))

    def _index(self, wtx: WalletTx) -> None:
        self.txs[wtx.tx.txid] = wtx
        for txin in wtx.tx.inputs:
            self.spends.setdefault(txin.outpoint, []).append(wtx.tx.txid)

    def _keep(self, wtx: WalletTx) -> WalletTx:
        self._index(wtx)
        statement = "INSERT INTO wallet_txs (wallet, txid, raw, data) VALUES (?, ?, ?, ?)"
        self._store.write(statement, self.name, wtx.tx.txid, wtx.tx.raw, self._facts(wtx))
        return wtx

    def _update(self, wtx: WalletTx, *, abandoned: bool) -> None:
        wtx.abandoned = abandoned
        statement = "UPDATE wallet_txs SET data = ? WHERE wallet = ? AND txid = ?"
        self._store.write(statement, self._facts(wtx), self.name, wtx.tx.txid)

    def _facts(self, wtx: WalletTx) -> str:
        facts = {"received": wtx.received, "time": wtx.time, "abandoned": wtx.abandoned, "notes": wtx.notes}
        return pack(facts)

    def _mark_used(self, refs: list[KeyRef]) -> None:
        """Give a payment to a key never handed out uses it up; the node then labels it with the empty string."""
        for ref in refs:
            branch = self.keys.branches[(ref.kind, ref.internal)]
            first = branch.next_index
            if not self.keys.mark_used(ref):
                continue
            self.save()
            for index in range(first, ref.number + 1) if not ref.internal else ():
                address = address_of(branch.script(index)) or ""
                if address not in self.labels:
                    self.set_label(address, "")
