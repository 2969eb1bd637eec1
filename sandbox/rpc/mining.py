"""Mining on demand."""

from typing import Any

from sandbox.block import BlockRejectedError
from sandbox.errors import ADDRESS_OR_KEY, VERIFY, RpcError
from sandbox.rpc.arguments import flag, integer, listing, number, script_of_address, text, tx_of
from sandbox.rpc.registry import Call, method
from sandbox.tx import Tx


@method("generatetoaddress", number("nblocks", required=True), text("address", required=True), number("maxtries"))
def generatetoaddress(call: Call, nblocks: Any, address: str, _maxtries: Any) -> list[str]:
    """Mine blocks at once, with what is in the mempool."""
    script = script_of_address(address, "Error: Invalid address")
    return call.node.generate(integer(nblocks), script)


@method(
    "generateblock",
    text("output", required=True),
    listing("transactions", required=True),
    flag("submit", default=True),
)
def generateblock(call: Call, output: str, transactions: list[str], submit: bool) -> dict[str, str]:
    """Mine one block with exactly these transactions (ids from the mempool, or hex)."""
    script = script_of_address(output, "Error: Invalid address or descriptor")
    txs = [_wanted(call, text_) for text_ in transactions]
    block = call.node.next_block(script, txs, 0)
    if not submit:
        return {"hash": block.hash, "hex": block.raw.hex()}
    try:
        call.node.add_block(block)
    except BlockRejectedError as error:
        missing = str(error) == "bad-txns-inputs-missingorspent"
        reason = f"{error}, CheckTxInputs: inputs missing/spent" if missing else str(error)
        raise RpcError(VERIFY, f"testBlockValidity failed: {reason}") from error
    return {"hash": block.hash}


def _wanted(call: Call, value: str) -> Tx:
    if len(value) == 64:
        pending = call.node.mempool.entries.get(value)
        if pending is None:
            raise RpcError(ADDRESS_OR_KEY, f"Transaction {value} not in mempool.")
        return pending.tx
    return tx_of(value, f"Transaction decode failed for {value}. Make sure the tx has at least one input.")
