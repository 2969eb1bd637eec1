"""bumpfee: pay more for a payment that is still waiting (BIP 125)."""

from typing import Any

from sandbox.errors import ADDRESS_OR_KEY, FUNDS, MISC, PARAMETER, WALLET, RpcError
from sandbox.policy import fee_for, money
from sandbox.rpc.arguments import options, text
from sandbox.rpc.payments import FEE_OPTIONS, commit, need_keys, rate_from
from sandbox.rpc.raw import outputs_from
from sandbox.rpc.registry import Call, method
from sandbox.rpc.wallet_history import wallet_tx
from sandbox.tx import TxOut
from sandbox.values import coin
from sandbox.wallet import facts
from sandbox.wallet.spend import Made, Plan, make
from sandbox.wallet.wallet import Wallet, WalletTx

Json = dict[str, Any]
STEP = 5000
"""Satoshi per 1000 virtual bytes the wallet adds at least (Core's WALLET_INCREMENTAL_RELAY_FEE)."""


@method("bumpfee", text("txid", required=True), options("options", "replaceable", "outputs", *FEE_OPTIONS))
def bumpfee(call: Call, txid: str, chosen: Json | None) -> Json:
    """Replace a waiting payment of ours by one with a higher fee."""
    wallet = call.wallet
    need_keys(wallet)
    wtx = wallet_tx(wallet, txid)
    _check_can_bump(wallet, wtx)
    old_fee = facts.debit(wallet, wtx.tx) - wtx.tx.output_value
    plan = _plan(wallet, wtx, old_fee, chosen or {})
    made = _make(wallet, plan)
    kept = {key: note for key, note in wtx.notes.items() if key in {"comment", "to"}}
    tx = commit(call, wallet, made, {**kept, "replaces_txid": txid})
    wallet.note(wtx, "replaced_by_txid", tx.txid)
    return {"txid": tx.txid, "origfee": coin(old_fee), "fee": coin(made.fee), "errors": []}


def _make(wallet: Wallet, plan: Plan) -> Made:
    try:
        return make(wallet, plan)
    except RpcError as error:
        if error.code != FUNDS:
            raise
        raise RpcError(WALLET, f"Unable to create transaction. {error.message}") from error


def _check_can_bump(wallet: Wallet, wtx: WalletTx) -> None:
    txid = wtx.tx.txid
    gone = next((txin for txin in wtx.tx.inputs if wallet.mempool.coin(txin.outpoint) is None), None)
    if gone is not None:
        raise RpcError(MISC, f"{gone.txid}:{gone.vout} is already spent")
    if any(wallet.spends.get((txid, index)) for index in range(len(wtx.tx.outputs))):
        raise RpcError(PARAMETER, "Transaction has descendants in the wallet")
    if facts.in_mempool(wallet, wtx) and len(wallet.mempool.descendants(txid)) > 1:
        raise RpcError(PARAMETER, "Transaction has descendants in the mempool")
    if facts.depth(wallet, wtx) != 0:
        raise RpcError(WALLET, "Transaction has been mined, or is conflicted with a mined transaction")
    if not wtx.tx.signals_replacement:
        raise RpcError(WALLET, "Transaction is not BIP 125 replaceable")
    if "replaced_by_txid" in wtx.notes:
        winner = wtx.notes["replaced_by_txid"]
        raise RpcError(WALLET, f"Cannot bump transaction {txid} which was already bumped by transaction {winner}")
    if any(wallet.own_value(txin.outpoint) is None for txin in wtx.tx.inputs):
        raise RpcError(WALLET, "Transaction contains inputs that don't belong to this wallet")


def _plan(wallet: Wallet, wtx: WalletTx, old_fee: int, chosen: Json) -> Plan:
    tx = wtx.tx
    change = next((output for output in tx.outputs if facts.is_change(wallet, output.script)), None)
    kept = [output for output in tx.outputs if output is not change]
    outputs = outputs_from(chosen["outputs"]) if chosen.get("outputs") else kept
    if not outputs:
        raise RpcError(ADDRESS_OR_KEY, "Transaction has no output to pay")
    return Plan(
        outputs=[TxOut(*output) for output in outputs],
        rate=_rate(wallet, wtx, old_fee, chosen),
        replaceable=bool(chosen.get("replaceable", True)),
        preset=[txin._replace(script_sig=b"", sequence=0xFFFFFFFD) for txin in tx.inputs],
        change_script=change.script if change else None,
    )


def _rate(wallet: Wallet, wtx: WalletTx, old_fee: int, chosen: Json) -> int:
    size = wtx.tx.vsize
    old_rate = old_fee * 1000 // size
    if "fee_rate" not in chosen:
        return old_rate + 1 + STEP
    rate = rate_from(wallet, chosen)
    total, least = fee_for(size, rate), fee_for(size, old_rate) + fee_for(size, STEP)
    if total < least:
        parts = f"(oldFee {money(fee_for(size, old_rate))} + incrementalFee {money(fee_for(size, STEP))})"
        raise RpcError(PARAMETER, f"Insufficient total fee {money(total)}, must be at least {money(least)} {parts}")
    return rate
