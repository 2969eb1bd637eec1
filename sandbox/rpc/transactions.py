"""Transactions in JSON, raw transactions, and the mempool."""

from typing import Any

from sandbox.address import address_of, kind_of
from sandbox.errors import ADDRESS_OR_KEY, IN_CHAIN, PARAMETER, REJECTED, VERIFY, RpcError
from sandbox.mempool import Pending
from sandbox.node import Node
from sandbox.policy import RELAY_FEE, MempoolError, fee_for
from sandbox.rpc.arguments import anything, entry_of, flag, hash_of, listing, text, tx_of
from sandbox.rpc.registry import Call, method
from sandbox.tx import COIN, Tx
from sandbox.values import coin, satoshi_of

Json = dict[str, Any]
HIGH_FEE = "Fee exceeds maximum configured by user (e.g. -maxtxfee, maxfeerate)"


def script_json(script: bytes) -> Json:
    """Give an output script in the words of the node."""
    kind = kind_of(script)
    address = address_of(script)
    fields: Json = {
        "asm": assembly(script),
        "desc": f"addr({address})" if address else f"raw({script.hex()})",
    }
    fields["hex"] = script.hex()
    if address:
        fields["address"] = address
    return fields | {"type": kind.name}


def assembly(script: bytes) -> str:
    """Give a script in words: opcodes the sandbox's own scripts use, data in hex."""
    names = {
        0x76: "OP_DUP",
        0xA9: "OP_HASH160",
        0x88: "OP_EQUALVERIFY",
        0xAC: "OP_CHECKSIG",
        0x87: "OP_EQUAL",
    }
    words, position = [], 0
    while position < len(script):
        byte = script[position]
        position += 1
        if 1 <= byte <= 75:
            words.append(script[position : position + byte].hex())
            position += byte
        elif byte == 0 or 0x51 <= byte <= 0x60:
            words.append(str(byte - 0x50 if byte else 0))
        else:
            words.append(names.get(byte, "OP_RETURN" if byte == 0x6A else f"OP_{byte:02x}"))
    return " ".join(words)


def decoded(tx: Tx) -> Json:
    """Give a transaction in the words of `decoderawtransaction`."""
    return {
        "txid": tx.txid,
        "hash": tx.wtxid,
        "version": tx.version,
        "size": len(tx.raw),
        "vsize": tx.vsize,
        "weight": tx.weight,
        "locktime": tx.locktime,
        "vin": [_input_json(tx, index) for index in range(len(tx.inputs))],
        "vout": [
            {"value": coin(output.value), "n": index, "scriptPubKey": script_json(output.script)}
            for index, output in enumerate(tx.outputs)
        ],
    }


def _input_json(tx: Tx, index: int) -> Json:
    txin = tx.inputs[index]
    script_sig = txin.script_sig.hex()
    fields: Json = (
        {"coinbase": script_sig}
        if tx.is_coinbase
        else {
            "txid": txin.txid,
            "vout": txin.vout,
            "scriptSig": {"asm": assembly(txin.script_sig), "hex": script_sig},
        }
    )
    if tx.has_witness and tx.witness[index]:
        fields["txinwitness"] = [item.hex() for item in tx.witness[index]]
    return fields | {"sequence": txin.sequence}


def find_tx(node: Node, txid: str) -> Tx | None:
    """Give a transaction in mempool or chain."""
    pending = node.mempool.entries.get(txid)
    return pending.tx if pending else node.chain.find_tx(txid)


@method("decoderawtransaction", text("hexstring", required=True), flag("iswitness"))
def decoderawtransaction(_call: Call, hexstring: str, _iswitness: bool | None) -> Json:
    """Give what a raw transaction says."""
    return decoded(tx_of(hexstring, "TX decode failed"))


@method("getrawtransaction", text("txid", required=True), anything("verbosity", 0), text("blockhash"))
def getrawtransaction(call: Call, txid: str, verbosity: Any, blockhash: str | None) -> Any:
    """Give a transaction of mempool or chain, in hex or decoded."""
    wanted = hash_of(txid, "parameter 1")
    node = call.node
    if blockhash:
        entry = entry_of(node, blockhash)
        tx = next((one for one in entry.block.txs if one.txid == wanted), None)
    else:
        tx = find_tx(node, wanted)
    if tx is None:
        text_ = "No such mempool or blockchain transaction. Use gettransaction for wallet transactions."
        raise RpcError(ADDRESS_OR_KEY, text_)
    if not verbosity:
        return tx.raw.hex()
    return {**decoded(tx), "hex": tx.raw.hex(), **_place(node, wanted)}


def _place(node: Node, txid: str) -> Json:
    entry = node.chain.tx_entry.get(txid)
    if entry is None:
        return {}
    time = entry.header.time
    return {
        "blockhash": entry.hash,
        "confirmations": node.chain.confirmations(entry),
        "time": time,
        "blocktime": time,
    }


@method(
    "sendrawtransaction",
    text("hexstring", required=True),
    anything("maxfeerate", "0.10"),
    anything("maxburnamount", 0),
)
def sendrawtransaction(call: Call, hexstring: str, maxfeerate: Any, _maxburnamount: Any) -> str:
    """Send a transaction; sending one again that waits in the mempool is harmless."""
    tx = tx_of(hexstring)
    node = call.node
    if any((tx.txid, index) in node.chain.coins.unspent for index in range(len(tx.outputs))):
        raise RpcError(IN_CHAIN, "Transaction outputs already in utxo set")
    if tx.txid in node.mempool:
        return tx.txid
    try:
        candidate = node.mempool.check(tx)
        _check_rate(candidate.fee, tx, maxfeerate)
        node.submit(tx)
    except MempoolError as error:
        code = VERIFY if error.reason == "bad-txns-inputs-missingorspent" else REJECTED
        raise RpcError(code, str(error)) from error
    return tx.txid


def _check_rate(fee: int, tx: Tx, maxfeerate: Any) -> None:
    limit = satoshi_of(maxfeerate)
    if limit > COIN:
        raise RpcError(PARAMETER, "Fee rates larger than or equal to 1BTC/kvB are not accepted")
    if limit and fee > fee_for(tx.vsize, limit):
        raise RpcError(VERIFY, HIGH_FEE)


@method("testmempoolaccept", listing("rawtxs", required=True), anything("maxfeerate", "0.10"))
def testmempoolaccept(call: Call, rawtxs: list[str], maxfeerate: Any) -> list[Json]:
    """Tell whether these transactions would be accepted; each is looked at by itself."""
    return [_would_accept(call.node, tx_of(raw), satoshi_of(maxfeerate)) for raw in rawtxs]


def _would_accept(node: Node, tx: Tx, limit: int) -> Json:
    ids = {"txid": tx.txid, "wtxid": tx.wtxid}
    try:
        candidate = node.mempool.check(tx)
    except MempoolError as error:
        missing = error.reason == "bad-txns-inputs-missingorspent"
        return {**ids, "allowed": False, "reject-reason": "missing-inputs" if missing else error.reason}
    if limit and candidate.fee > fee_for(tx.vsize, limit):
        return {**ids, "allowed": False, "reject-reason": "max-fee-exceeded"}
    rate = candidate.fee * 1000 // tx.vsize
    fees = {"base": coin(candidate.fee), "effective-feerate": coin(rate), "effective-includes": [tx.wtxid]}
    return {**ids, "allowed": True, "vsize": tx.vsize, "fees": fees}


def pending_json(node: Node, pending: Pending) -> Json:
    """Give a mempool entry in the words of `getmempoolentry`."""
    pool, tx = node.mempool, pending.tx
    above = pool.ancestors(tx) | {tx.txid}
    below = pool.descendants(tx.txid)
    ancestor_fee, ancestor_size = pool.total(above)
    descendant_fee, descendant_size = pool.total(below)
    signalling = any(pool.entries[txid].tx.signals_replacement for txid in above)
    return {
        "vsize": tx.vsize,
        "weight": tx.weight,
        "time": pending.time,
        "height": pending.height,
        "descendantcount": len(below),
        "descendantsize": descendant_size,
        "ancestorcount": len(above),
        "ancestorsize": ancestor_size,
        "wtxid": tx.wtxid,
        "fees": {
            "base": coin(pending.fee),
            "modified": coin(pending.fee),
            "ancestor": coin(ancestor_fee),
            "descendant": coin(descendant_fee),
        },
        "depends": sorted(pool.parents(tx)),
        "spentby": sorted(pool.children(tx.txid)),
        "bip125-replaceable": signalling,
        "unbroadcast": False,
    }


@method("getmempoolentry", text("txid", required=True))
def getmempoolentry(call: Call, txid: str) -> Json:
    """One waiting transaction."""
    pending = call.node.mempool.entries.get(hash_of(txid, "txid"))
    if pending is None:
        raise RpcError(ADDRESS_OR_KEY, "Transaction not in mempool")
    return pending_json(call.node, pending)


@method("getrawmempool", flag("verbose", default=False), flag("mempool_sequence", default=False))
def getrawmempool(call: Call, verbose: bool, mempool_sequence: bool) -> Any:
    """All waiting transactions."""
    if verbose:
        return {pending.tx.txid: pending_json(call.node, pending) for pending in call.node.mempool}
    ids = list(call.node.mempool.entries)
    return {"txids": ids, "mempool_sequence": call.node.mempool.sequence} if mempool_sequence else ids


@method("getmempoolinfo")
def getmempoolinfo(call: Call) -> Json:
    """Give the mempool as a whole."""
    fees, size = call.node.mempool.total(call.node.mempool.entries)
    return {
        "loaded": True,
        "size": len(call.node.mempool.entries),
        "bytes": size,
        "usage": 32 + size * 4,
        "total_fee": coin(fees),
        "maxmempool": 300_000_000,
        "mempoolminfee": coin(RELAY_FEE),
        "minrelaytxfee": coin(RELAY_FEE),
        "incrementalrelayfee": coin(RELAY_FEE),
        "unbroadcastcount": 0,
        "fullrbf": True,
    }
