"""What the buttons of the play wallet do. Each gives a sentence that says what happened."""

from sandbox.errors import RpcError
from sandbox.node import MINER_SCRIPT, Node
from sandbox.playwallet.link import LinkError, btc, read_link, satoshi_from
from sandbox.policy import MempoolError, fee_for
from sandbox.rpc.registry import Call, invoke
from sandbox.signing import padded
from sandbox.tx import Tx, TxIn, TxOut
from sandbox.wallet.spend import REPLACEABLE, find_coin, pay_to, sign_own
from sandbox.wallet.wallet import Wallet

WALLET = "customer"
EXTRA_RATE = 10_000
"""Satoshi per 1000 virtual bytes a double-spend pays on top of what it replaces."""


class ActionError(Exception):
    """Something could not be done; the message is for the person who asked."""


def pay(node: Node, link: str, amount: str) -> str:
    """Pay a link, with another amount if one is given."""
    try:
        wanted = read_link(link)
        satoshi = satoshi_from(amount) if amount.strip() else wanted.satoshi
    except LinkError as error:
        raise ActionError(str(error)) from error
    if satoshi is None:
        raise ActionError("The link names no amount. Enter the amount you want to pay.")
    try:
        invoke("sendtoaddress", [wanted.address, btc(satoshi)], _call(node))
    except RpcError as error:
        raise ActionError(f"The payment was not made: {error.message}.") from error
    return f"Paid {btc(satoshi)} BTC. It now waits for a block."


def mine(node: Node, count: int) -> str:
    """Mine blocks with what waits."""
    node.generate(count, MINER_SCRIPT)
    return f"Mined block {node.chain.height}." if count == 1 else f"Mined {count} blocks, up to {node.chain.height}."


def raise_fee(node: Node, txid: str) -> str:
    """Replace a waiting payment by the same one with a higher fee."""
    try:
        result = invoke("bumpfee", [txid], _call(node))
    except RpcError as error:
        raise ActionError(f"The fee was not raised: {error.message}.") from error
    return f"Replaced the payment. The new one is {result['txid'][:12]}…"


def send_elsewhere(node: Node, txid: str) -> str:
    """Replace a waiting payment by one that sends its coins back to the customer."""
    tx = _conflict(node, txid)
    try:
        node.submit(tx)
    except MempoolError as error:
        raise ActionError(f"The payment could not be replaced: {error}.") from error
    return "Double-spent. The coins now come back to this wallet, and the payment will not be confirmed."


def double_spend_in_block(node: Node, txid: str) -> str:
    """Mine a block that sends the coins of a waiting payment back, unannounced."""
    tx = _conflict(node, txid)
    node.add_block(node.next_block(MINER_SCRIPT, [tx], 0))
    return f"Double-spent in block {node.chain.height}. The payment cannot be confirmed any more."


def customer(node: Node) -> Wallet:
    """Give the wallet that pays; raises `ActionError` when somebody unloaded it."""
    wallet = node.wallets.get(WALLET)
    if wallet is None:
        raise ActionError("The wallet “customer” is not loaded. Load it again with loadwallet.")
    return wallet


def _call(node: Node) -> Call:
    customer(node)
    return Call(node, f"/wallet/{WALLET}")


def _conflict(node: Node, txid: str) -> Tx:
    """Make a signed transaction that spends the same coins as a waiting one, back to the customer."""
    wallet = customer(node)
    pending = node.mempool.entries.get(txid)
    if pending is None:
        raise ActionError("That payment no longer waits: it was confirmed or replaced.")
    if not all(wallet.own_value(txin.outpoint) for txin in pending.tx.inputs):
        raise ActionError("That payment was made by another wallet.")
    coins = [find_coin(wallet, txin.outpoint) or (0, b"") for txin in pending.tx.inputs]
    inputs = tuple(TxIn(txin.txid, txin.vout, b"", REPLACEABLE) for txin in pending.tx.inputs)
    back = pay_to(wallet.new_change(), sum(value for value, _ in coins))
    draft = Tx(2, inputs, (back,))
    kinds = [ref.kind if (ref := wallet.key_of(script)) else "bech32" for _, script in coins]
    paid, _ = node.mempool.total(node.mempool.descendants(txid))
    fee = max(paid, fee_for(draft_size := padded(draft, kinds).vsize, _rate(pending.fee, pending.tx)))
    fee += fee_for(draft_size, EXTRA_RATE)
    return sign_own(wallet, Tx(2, inputs, (TxOut(back.value - fee, back.script),)))


def _rate(fee: int, tx: Tx) -> int:
    return fee * 1000 // tx.vsize
