"""Transactions in the words of listsinceblock, listtransactions and gettransaction."""

from typing import Any

from sandbox.address import address_of
from sandbox.values import coin
from sandbox.wallet import facts
from sandbox.wallet.wallet import Wallet, WalletTx

ANY_DEPTH = -100_000_000
Json = dict[str, Any]


def tx_fields(wallet: Wallet, wtx: WalletTx) -> Json:
    """Give the fields every entry of a transaction shares."""
    confirmations = facts.depth(wallet, wtx)
    fields: Json = {"confirmations": confirmations}
    if wtx.tx.is_coinbase:
        fields["generated"] = True
    entry = wallet.chain.tx_entry.get(wtx.tx.txid)
    if entry is not None:
        fields |= {
            "blockhash": entry.hash,
            "blockheight": entry.height,
            "blockindex": wallet.chain.tx_place[wtx.tx.txid],
            "blocktime": entry.header.time,
        }
    else:
        fields["trusted"] = facts.is_trusted(wallet, wtx)
    return fields | {
        "txid": wtx.tx.txid,
        "wtxid": wtx.tx.wtxid,
        "walletconflicts": facts.wallet_conflicts(wallet, wtx),
        "mempoolconflicts": facts.mempool_conflicts(wallet, wtx),
        "time": wtx.time,
        "timereceived": wtx.received,
        "bip125-replaceable": facts.replaceable(wallet, wtx),
        **_notes(wtx),
    }


def entries(
    wallet: Wallet,
    wtx: WalletTx,
    *,
    least_depth: int = 0,
    with_tx: bool = True,
    label: str | None = None,
    change: bool = False,
) -> list[Json]:
    """One entry for each output that is paid by us or to us; receipts below `least_depth` are left out."""
    spent = facts.debit(wallet, wtx.tx)
    shared = tx_fields(wallet, wtx) if with_tx else {}
    found: list[Json] = []
    outputs = [
        index
        for index, output in enumerate(wtx.tx.outputs)
        if _concerns(wallet, output.script, spends_ours=bool(spent), change=change)
    ]
    if spent and label is None:
        fee = wtx.tx.output_value - spent
        found += [_sent(wallet, wtx, index, fee, shared) for index in outputs]
    if facts.depth(wallet, wtx) >= least_depth:
        ours = [index for index in outputs if wallet.key_of(wtx.tx.outputs[index].script)]
        found += [_received(wallet, wtx, index, shared) for index in ours if _labelled(wallet, wtx, index, label)]
    return found


def last_processed(wallet: Wallet) -> Json:
    """Give the block up to which the wallet has looked."""
    return {"hash": wallet.chain.tip.hash, "height": wallet.chain.height}


def _notes(wtx: WalletTx) -> Json:
    order = ("comment", "replaces_txid", "replaced_by_txid", "to")
    return {key: wtx.notes[key] for key in order if key in wtx.notes}


def _concerns(wallet: Wallet, script: bytes, *, spends_ours: bool, change: bool) -> bool:
    if spends_ours:
        return change or not facts.is_change(wallet, script)
    return wallet.key_of(script) is not None


def _labelled(wallet: Wallet, wtx: WalletTx, index: int, label: str | None) -> bool:
    return label is None or (wallet.label_of(wtx.tx.outputs[index].script) or "") == label


def _address(script: bytes) -> Json:
    address = address_of(script)
    return {"address": address} if address else {}


def _label(wallet: Wallet, script: bytes) -> Json:
    label = wallet.label_of(script)
    return {} if label is None else {"label": label}


def _sent(wallet: Wallet, wtx: WalletTx, index: int, fee: int, shared: Json) -> Json:
    output = wtx.tx.outputs[index]
    return {
        **_address(output.script),
        "category": "send",
        "amount": coin(-output.value),
        **_label(wallet, output.script),
        "vout": index,
        "fee": coin(fee),
        **shared,
        "abandoned": facts.is_abandoned(wallet, wtx),
    }


def _received(wallet: Wallet, wtx: WalletTx, index: int, shared: Json) -> Json:
    output = wtx.tx.outputs[index]
    ref = wallet.key_of(output.script)
    return {
        **_address(output.script),
        **({"parent_descs": [wallet.keys.parent_descriptor(ref)]} if ref else {}),
        "category": _category(wallet, wtx),
        "amount": coin(output.value),
        **_label(wallet, output.script),
        "vout": index,
        "abandoned": facts.is_abandoned(wallet, wtx),
        **shared,
    }


def _category(wallet: Wallet, wtx: WalletTx) -> str:
    if not wtx.tx.is_coinbase:
        return "receive"
    if facts.depth(wallet, wtx) < 1:
        return "orphan"
    return "immature" if facts.is_immature(wallet, wtx) else "generate"
