"""Plays a recording against a node: the same calls in the same order, with the node's own ids in place of the recorded.

The recordings were made with two nodes, the merchant's (M) and the payer's (P), which at times were not connected.
Here one node stands for the merchant; the payer's transactions are rebuilt from coins of the wallet `customer`, and
blocks the payer mined apart are built here and handed over with submitblock.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sandbox.address import address_of, script_for
from sandbox.block import mine
from sandbox.tx import NULL_TXID, Outpoint, Tx, TxIn, TxOut
from tests.nodes import Client
from tests.sandbox.contract import RELIED_ON, differences
from tests.sandbox.recording import Record, coin_values, transactions

MINER = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"
WALLETS = {"hot": "store"}
Hook = Callable[["Replay", Record], bool]


class Replay:
    """One run of a recording."""

    def __init__(self, node: Client, records: list[Record], hooks: dict[str, Hook] | None = None) -> None:
        self.node = node
        self.records = records
        self.hooks = hooks or {}
        self.names: dict[str, str] = {}
        self.raw: dict[str, str] = {}
        self.coins: dict[Outpoint, Outpoint] = {}
        self.outputs: dict[Outpoint, TxOut] = {}
        self.peer_tip = ""
        self.step = ""
        self.step_tip = ""
        self.kept_back: list[str] = []
        self.sent: list[str] = []
        self.problems: list[str] = []
        self.done: set[str] = set()
        self.compared = 0
        notes = [record.data["note"] for record in records if "note" in record.data]
        self.private = {note["conflict"] for note in notes if "conflict" in note}
        self.private |= {
            tx.txid for record in records if record.method == "generateblock" for tx in transactions(record)
        }

    def run(self) -> None:
        """Play everything; afterwards `problems` says what differed."""
        self._fund()
        self.peer_tip = self.node.rpc("getbestblockhash")
        for record in self.records:
            if record.step != self.step:
                self.step, self.step_tip = record.step, self.node.rpc("getbestblockhash")
            hook = next((hook for words, hook in self.hooks.items() if words in record.step), None)
            if hook is not None and hook(self, record):
                continue
            if record.method is not None:
                self.play(record)

    def play(self, record: Record) -> None:
        """Do what one recorded call did, and compare if the store relies on it."""
        if record.from_payer:
            getattr(self, f"_peer_{record.method}", self._compare)(record)
        elif record.method == "generatetoaddress":
            self._learn(record.result, self.node.rpc("generatetoaddress", record.params[0], MINER))
        elif record.method == "generateblock":
            raws = [self._rebuild(tx) for tx in transactions(record)]
            self._learn([record.result["hash"]], [self.node.rpc("generateblock", MINER, raws)["hash"]])
        else:
            self._compare(record)

    def mine_apart(self, txids: list[str], recorded: str | None = None) -> None:
        """Hand over a block on the payer's own branch with these recorded transactions and no others."""
        parent = self.node.rpc("getblockheader", self.peer_tip)
        txs = [Tx.parse(bytes.fromhex(self.raw[txid])) for txid in txids]
        when = max(int(time.time()), parent["mediantime"] + 1)
        height = parent["height"] + 1
        block = mine(prev=self.peer_tip, height=height, time=when, script=script_for(MINER), fees=0, txs=txs)
        answer = self.node.rpc("submitblock", block.raw.hex())
        assert answer in {None, "inconclusive"}, answer
        self.peer_tip = block.hash
        if recorded is not None:
            self.names[recorded] = block.hash

    def translate(self, text: str) -> str | None:
        """Our name for a recorded one; None for a hash or address that has no counterpart here."""
        if text in self.names:
            return self.names[text]
        return None if _is_name(text) else text

    # the payer's calls

    def _peer_sendrawtransaction(self, record: Record) -> None:
        (tx,) = transactions(record)
        raw = self._rebuild(tx)
        self.sent.append(tx.txid)
        if tx.txid in self.private:
            self.kept_back.append(tx.txid)
        else:
            assert self.node.rpc("sendrawtransaction", raw) == self.names[tx.txid]

    def _peer_generatetoaddress(self, record: Record) -> None:
        address = self.names.get(record.params[1], MINER)
        self._learn(record.result, self.node.rpc("generatetoaddress", record.params[0], address))
        self.peer_tip = self.node.rpc("getbestblockhash")

    def _peer_generateblock(self, record: Record) -> None:
        self.mine_apart(record.params[1], record.result["hash"])

    # inside

    def _learn(self, recorded: list[str], ours: list[str]) -> None:
        self.names |= dict(zip(recorded, ours, strict=True))

    def _compare(self, record: Record) -> None:
        if record.method not in RELIED_ON or not record.readable:
            return
        wallet = record.data["endpoint"].removeprefix("/wallet/")
        where = WALLETS.get(wallet) if record.data["endpoint"] != "/" else None
        reply = self.node.ask(record.method, self._ours(record.params), wallet=where)
        self.compared += 1
        about = f"{record.data['seq']} {record.method} in “{record.step}”: "
        if reply.status != record.data["http"]:
            self.problems.append(f"{about}HTTP {reply.status} instead of {record.data['http']}: {reply.text}")
        elif record.error:
            self._compare_errors(record, reply.error, about)
        else:
            self._learn_from(record, reply.result)
            found = differences(record.result, reply.result, self.translate)
            self.problems += [about + line for line in found]

    def _compare_errors(self, record: Record, error: Any, about: str) -> None:
        wanted = {**record.error, "message": self._in_text(record.error["message"])}
        long = record.error["code"] == -1 and "\n" in record.error["message"]
        same = error["code"] == -1 if long else error == wanted
        if not same:
            self.problems.append(f"{about}{error} instead of {wanted}")

    def _in_text(self, message: str) -> str:
        for recorded, ours in self.names.items():
            message = message.replace(recorded, ours)
        return message

    def _learn_from(self, record: Record, result: Any) -> None:
        """Learn names a call makes up: addresses, transactions of the store, and blocks seen as `lastblock`."""
        if record.method in {"getnewaddress", "sendtoaddress"} and isinstance(result, str):
            self.names[record.result] = result
        elif record.method in {"bumpfee", "sendtoaddress"}:
            self.names[record.result["txid"]] = result["txid"]
        elif record.method == "listsinceblock" and record.result["lastblock"] not in self.names:
            at_tip = isinstance(record.params, list) and len(record.params) > 1 and record.params[1] == 1
            if at_tip and result["lastblock"] not in self.names.values():
                self.names[record.result["lastblock"]] = result["lastblock"]

    def _ours(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._ours(key): self._ours(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._ours(one) for one in value]
        if not isinstance(value, str):
            return value
        if value in self.names:
            return self.names[value]
        if len(value) > 64 and value.startswith("02000000"):
            return self.raw[Tx.parse(bytes.fromhex(value)).txid]
        if len(value) == 64 and _is_name(value) and len(set(value)) > 4:
            self.names[value] = self.step_tip  # a block from before the recording: the tip the step began with
        return self.names.get(value, value)

    def _fund(self) -> None:
        """Give the customer a coin for each one the payer spends that the recording itself does not make."""
        wanted = self._outside_coins()
        if not wanted:
            return
        addresses = [self.node.rpc("getnewaddress", "payer", wallet="customer") for _ in wanted]
        outputs = {address: str(value.scaleb(-8)) for address, value in zip(addresses, wanted.values(), strict=True)}
        txid = self.node.rpc("sendmany", "", outputs, wallet="customer")
        self.node.rpc("generatetoaddress", 1, MINER)
        self._remember(self.node.rpc("gettransaction", txid, wallet="customer")["hex"])
        places = {address_of(output.script): index for (_, index), output in self.outputs.items()}
        self.coins = {outpoint: (txid, places[address]) for outpoint, address in zip(wanted, addresses, strict=True)}
        locked = [{"txid": txid, "vout": places[address]} for address in addresses]
        self.node.rpc("lockunspent", False, locked, wallet="customer")

    def _outside_coins(self) -> dict[Outpoint, Decimal]:
        """The outside coins in satoshi; one no recording shows gets what its spender needs and the usual fee."""
        known = coin_values()
        made: set[str] = set()
        wanted: dict[Outpoint, Decimal] = {}
        for record in self.records:
            if record.method not in {"sendrawtransaction", "generateblock"} or not record.readable:
                continue
            for tx in transactions(record):
                made.add(tx.txid)
                for txin in tx.inputs:
                    if txin.txid not in made:
                        value = Decimal(known.get(txin.outpoint, tx.output_value + 1000))
                        wanted[txin.outpoint] = max(value, wanted.get(txin.outpoint, value))
        return wanted

    def _rebuild(self, tx: Tx) -> str:
        """The payer's transaction again with coins and addresses of this node; gives the signed hex."""
        if tx.txid in self.raw:
            return self.raw[tx.txid]
        inputs = tuple(TxIn(*self._coin(txin), b"", txin.sequence) for txin in tx.inputs)
        outputs = tuple(TxOut(output.value, self._script(output.script)) for output in tx.outputs)
        draft = replace(tx, inputs=inputs, outputs=outputs, witness=())
        spent = [self._prevtx(txin.outpoint) for txin in inputs]
        signed = self.node.rpc("signrawtransactionwithwallet", draft.raw.hex(), spent, wallet="customer")
        assert signed["complete"], signed
        self.raw[tx.txid] = signed["hex"]
        self.names[tx.txid] = self._remember(signed["hex"])
        return str(signed["hex"])

    def _remember(self, raw: str) -> str:
        tx = Tx.parse(bytes.fromhex(raw))
        self.outputs |= {(tx.txid, index): output for index, output in enumerate(tx.outputs)}
        return tx.txid

    def _prevtx(self, outpoint: Outpoint) -> dict[str, Any]:
        """Say what an input spends, since the node forgets coins that are spent on its own branch."""
        value, script = self.outputs[outpoint]
        amount = str(Decimal(value).scaleb(-8))
        return {"txid": outpoint[0], "vout": outpoint[1], "scriptPubKey": script.hex(), "amount": amount}

    def _coin(self, txin: TxIn) -> Outpoint:
        if txin.txid in self.names:
            return (self.names[txin.txid], txin.vout)
        return self.coins[txin.outpoint]

    def _script(self, script: bytes) -> bytes:
        recorded = address_of(script)
        if recorded is None:
            return script
        if recorded not in self.names:
            self.names[recorded] = self.node.rpc("getnewaddress", "payer", wallet="customer")
        return script_for(self.names[recorded])


def _is_name(text: str) -> bool:
    """Whether a text is a hash or an address, which every node has of its own."""
    is_hash = len(text) == 64 and set(text) <= set("0123456789abcdef") and text != NULL_TXID
    return is_hash or text.startswith("bcrt1")
