"""What the play wallet shows, as plain values for the templates."""

from datetime import UTC, datetime
from typing import Any

from sandbox.address import address_of
from sandbox.node import Node
from sandbox.playwallet.actions import ActionError, customer
from sandbox.playwallet.link import btc
from sandbox.rpc.wallets import balances
from sandbox.wallet import facts
from sandbox.wallet.wallet import Wallet, WalletTx

RECENT = 8
BLOCKS = 6


def overview(node: Node) -> dict[str, Any]:
    """Give balance, waiting transactions, recent payments and newest blocks."""
    try:
        wallet = customer(node)
    except ActionError as error:
        return {
            "problem": str(error),
            "waiting": [],
            "recent": [],
            "blocks": _blocks(node),
            "height": node.chain.height,
        }
    trusted, pending, _ = balances(wallet)
    sent = [wtx for wtx in reversed(wallet.txs.values()) if facts.debit(wallet, wtx.tx)]
    return {
        "balance": btc(trusted),
        "pending": btc(pending) if pending else "",
        "waiting": [_waiting(node, wallet, txid) for txid in reversed(node.mempool.entries)],
        "recent": [_payment(wallet, wtx) for wtx in sent[:RECENT]],
        "blocks": _blocks(node),
        "height": node.chain.height,
    }


def _waiting(node: Node, wallet: Wallet, txid: str) -> dict[str, Any]:
    pending = node.mempool.entries[txid]
    ours = txid in wallet.txs and bool(facts.debit(wallet, pending.tx))
    return {
        "txid": txid,
        "amount": btc(_paid(wallet, wallet.txs[txid])) if ours else btc(pending.tx.output_value),
        "to": _recipient(wallet, wallet.txs[txid]) if ours else "",
        "rate": f"{pending.fee / pending.tx.vsize:.1f}",
        "ours": ours,
    }


def _payment(wallet: Wallet, wtx: WalletTx) -> dict[str, Any]:
    depth = facts.depth(wallet, wtx)
    return {
        "txid": wtx.tx.txid,
        "amount": btc(_paid(wallet, wtx)),
        "to": _recipient(wallet, wtx),
        "state": _state(wallet, wtx, depth),
        "kind": "ok" if depth > 0 else "bad" if depth < 0 or _lost(wallet, wtx) else "wait",
        "when": datetime.fromtimestamp(wtx.time, UTC).strftime("%H:%M:%S UTC"),
    }


def _state(wallet: Wallet, wtx: WalletTx, depth: int) -> str:
    if depth > 0:
        return "1 confirmation" if depth == 1 else f"{depth} confirmations"
    if "replaced_by_txid" in wtx.notes:
        return "replaced with a higher fee"
    if depth < 0:
        return "double-spent in a block"
    if _lost(wallet, wtx):
        return "replaced"
    return "waiting for a block" if facts.in_mempool(wallet, wtx) else "not in the mempool"


def _lost(wallet: Wallet, wtx: WalletTx) -> bool:
    return bool(facts.mempool_conflicts(wallet, wtx))


def _foreign(wallet: Wallet, wtx: WalletTx) -> list[tuple[int, bytes]]:
    return [(output.value, output.script) for output in wtx.tx.outputs if wallet.key_of(output.script) is None]


def _paid(wallet: Wallet, wtx: WalletTx) -> int:
    """Satoshi to others; to ourselves when nobody else was paid."""
    return sum(value for value, _ in _foreign(wallet, wtx)) or wtx.tx.output_value


def _recipient(wallet: Wallet, wtx: WalletTx) -> str:
    first = next((script for _, script in _foreign(wallet, wtx)), None)
    return (address_of(first) or "a script without an address") if first is not None else "back to this wallet"


def _blocks(node: Node) -> list[dict[str, Any]]:
    return [
        {
            "height": entry.height,
            "hash": entry.hash,
            "count": len(entry.block.txs) - 1,
            "when": datetime.fromtimestamp(entry.header.time, UTC).strftime("%H:%M:%S UTC"),
        }
        for entry in reversed(node.chain.active[-BLOCKS:])
    ]
