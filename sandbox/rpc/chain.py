"""Questions about blocks and the chain."""

from typing import Any

from sandbox.block import BITS, Block, BlockRejectedError, Header
from sandbox.chain import Entry
from sandbox.coins import Coin
from sandbox.errors import DESERIALIZATION, MISC, PARAMETER, VERIFY, RpcError
from sandbox.rpc.arguments import anything, entry_of, flag, hash_of, integer, number, text
from sandbox.rpc.registry import Call, method
from sandbox.rpc.transactions import decoded, script_json
from sandbox.tx import Outpoint, Tx
from sandbox.values import coin

DIFFICULTY = 4.656542373906925e-10
Json = dict[str, Any]


def chainwork(height: int) -> str:
    """Work up to a height: two hashes a block on the regression test network."""
    return f"{2 * (height + 1):064x}"


@method("getblockchaininfo")
def getblockchaininfo(call: Call) -> Json:
    """State of the chain."""
    chain = call.node.chain
    return {
        "chain": "regtest",
        "blocks": chain.height,
        "headers": _headers(call),
        "bestblockhash": chain.tip.hash,
        "difficulty": DIFFICULTY,
        "time": chain.tip.header.time,
        "mediantime": chain.median_time(chain.tip),
        "verificationprogress": 1,
        "initialblockdownload": call.node.downloading,
        "chainwork": chainwork(chain.height),
        "size_on_disk": 300 * chain.height + 293,
        "pruned": False,
        "warnings": [],
    }


def _headers(call: Call) -> int:
    newest = next(reversed(call.node.chain.entries.values()))
    return max(newest.height if not newest.invalid else 0, call.node.chain.height)


@method("getblockcount")
def getblockcount(call: Call) -> int:
    """Height of the newest block."""
    return call.node.chain.height


@method("getbestblockhash")
def getbestblockhash(call: Call) -> str:
    """Hash of the newest block."""
    return call.node.chain.tip.hash


@method("getblockhash", number("height", required=True))
def getblockhash(call: Call, height: Any) -> str:
    """Hash of the active chain's block at a height."""
    wanted = integer(height)
    if not 0 <= wanted <= call.node.chain.height:
        raise RpcError(PARAMETER, "Block height out of range")
    return call.node.chain.active[wanted].hash


def header_json(call: Call, entry: Entry) -> Json:
    """Give a block header in the words of `getblockheader`."""
    chain = call.node.chain
    fields: Json = {
        "hash": entry.hash,
        "confirmations": chain.confirmations(entry),
        "height": entry.height,
        "version": entry.header.version,
        "versionHex": f"{entry.header.version:08x}",
        "merkleroot": entry.header.merkle_root,
        "time": entry.header.time,
        "mediantime": chain.median_time(entry),
        "nonce": entry.header.nonce,
        "bits": f"{BITS:08x}",
        "difficulty": DIFFICULTY,
        "chainwork": chainwork(entry.height),
        "nTx": len(entry.block.txs) if entry.has_block else 0,
    }
    if entry.parent is not None:
        fields["previousblockhash"] = entry.parent.hash
    if chain.is_active(entry) and entry is not chain.tip:
        fields["nextblockhash"] = chain.active[entry.height + 1].hash
    return fields


@method("getblockheader", text("blockhash", required=True), flag("verbose", default=True))
def getblockheader(call: Call, blockhash: str, verbose: bool) -> Any:
    """Give a block header."""
    entry = entry_of(call.node, blockhash)
    return header_json(call, entry) if verbose else entry.header.raw.hex()


@method("getblock", text("blockhash", required=True), anything("verbosity", 1))
def getblock(call: Call, blockhash: str, verbosity: Any) -> Any:
    """Give a block: in hex (0), with transaction ids (1), or with transactions (2 and 3)."""
    entry = entry_of(call.node, blockhash)
    if not entry.has_block:
        raise RpcError(MISC, "Block not found on disk")
    level = int(verbosity)
    block = entry.block
    if level <= 0:
        return block.raw.hex()
    head = header_json(call, entry)
    sizes = {"strippedsize": block.stripped_size, "size": len(block.raw), "weight": block.weight}
    coins = call.node.chain.coins.spent_in(entry.hash)
    txs = [tx.txid if level == 1 else _tx_json(tx, coins) for tx in block.txs]
    return {**head, **sizes, "tx": txs}


def _tx_json(tx: Tx, coins: dict[Outpoint, Coin]) -> Json:
    spent = [coins[txin.outpoint].value for txin in tx.inputs if txin.outpoint in coins]
    fee = {"fee": coin(sum(spent) - tx.output_value)} if len(spent) == len(tx.inputs) else {}
    return {**decoded(tx), **fee, "hex": tx.raw.hex()}


@method("getchaintips")
def getchaintips(call: Call) -> list[Json]:
    """All ends of branches."""
    chain = call.node.chain
    tips = sorted(chain.tips(), key=lambda entry: -entry.height)
    return [
        {
            "height": entry.height,
            "hash": entry.hash,
            "branchlen": entry.height - chain.fork_point(entry).height,
            "status": _status(call, entry),
        }
        for entry in tips
    ]


def _status(call: Call, entry: Entry) -> str:
    chain = call.node.chain
    if chain.is_active(entry):
        return "active"
    if any(ancestor.invalid for ancestor in entry.ancestors()):
        return "invalid"
    return "valid-fork" if entry.has_block else "headers-only"


@method("gettxout", text("txid", required=True), number("n", required=True), flag("include_mempool", default=True))
def gettxout(call: Call, txid: str, n: Any, include_mempool: bool) -> Json | None:
    """Give an unspent output, or null."""
    node = call.node
    outpoint = (hash_of(txid, "txid"), integer(n))
    if include_mempool and outpoint in node.mempool.spends:
        return None
    found = node.mempool.coin(outpoint) if include_mempool else node.chain.coins.unspent.get(outpoint)
    if found is None:
        return None
    return {
        "bestblock": node.chain.tip.hash,
        "confirmations": max(node.chain.height - found.height + 1, 0),
        "value": coin(found.value),
        "scriptPubKey": script_json(found.script),
        "coinbase": found.coinbase,
    }


@method("invalidateblock", text("blockhash", required=True))
def invalidateblock(call: Call, blockhash: str) -> None:
    """Treat a block as invalid from now on."""
    call.node.invalidate(entry_of(call.node, blockhash))


@method("reconsiderblock", text("blockhash", required=True))
def reconsiderblock(call: Call, blockhash: str) -> None:
    """Take back `invalidateblock`."""
    call.node.reconsider(entry_of(call.node, blockhash))


@method("submitblock", text("hexdata", required=True), text("dummy"))
def submitblock(call: Call, hexdata: str, dummy: str | None) -> str | None:
    """Take a mined block; null when it was accepted, else the reason."""
    try:
        block = Block.parse(bytes.fromhex(hexdata))
    except ValueError as error:
        raise RpcError(DESERIALIZATION, "Block decode failed") from error
    try:
        call.node.add_block(block)
    except BlockRejectedError as error:
        return str(error)
    return None if call.node.chain.is_active(call.node.chain.entries[block.hash]) else "inconclusive"


@method("submitheader", text("hexdata", required=True))
def submitheader(call: Call, hexdata: str) -> None:
    """Take a block header."""
    try:
        header = Header.parse(bytes.fromhex(hexdata))
    except ValueError as error:
        raise RpcError(DESERIALIZATION, "Block header decode failed") from error
    if header.prev not in call.node.chain.entries:
        raise RpcError(VERIFY, f"Must submit previous header ({header.prev}) first")
    try:
        call.node.chain.add_header(header)
    except BlockRejectedError as error:
        raise RpcError(VERIFY, str(error)) from error
