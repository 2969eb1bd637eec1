"""What a wallet has received and sent."""

from typing import Any

from sandbox.address import address_of
from sandbox.chain import Entry
from sandbox.errors import ADDRESS_OR_KEY, INTERNAL, PARAMETER, WALLET, RpcError
from sandbox.rpc.arguments import entry_of, flag, hash_of, integer, number, script_of_address, text
from sandbox.rpc.registry import Call, method
from sandbox.rpc.transactions import decoded
from sandbox.values import coin
from sandbox.wallet import facts
from sandbox.wallet.entries import ANY_DEPTH, entries, last_processed, tx_fields
from sandbox.wallet.wallet import Wallet, WalletTx

Json = dict[str, Any]
NOT_OURS = "Invalid or non-wallet transaction id"


def wallet_tx(wallet: Wallet, txid: str) -> WalletTx:
    """Give a transaction of the wallet; raises -8 or -5."""
    wtx = wallet.txs.get(hash_of(txid, "txid"))
    if wtx is None:
        raise RpcError(ADDRESS_OR_KEY, NOT_OURS)
    return wtx


@method(
    "listsinceblock",
    text("blockhash"),
    number("target_confirmations", 1),
    flag("include_watchonly", default=False),
    flag("include_removed", default=True),
    flag("include_change", default=False),
    text("label"),
)
def listsinceblock(
    call: Call,
    blockhash: str | None,
    target: Any,
    _watchonly: bool,
    removed: bool,
    change: bool,
    label: str | None,
) -> Json:
    """Everything that happened in the wallet since a block, unconfirmed entries always included."""
    wallet = call.wallet
    chain = call.node.chain
    cursor = entry_of(call.node, blockhash) if blockhash else None
    wanted = integer(target)
    if wanted < 1:
        raise RpcError(PARAMETER, "Invalid parameter")
    fork = chain.fork_point(cursor) if cursor else None
    below = chain.height + 1 - fork.height if fork else None
    found = [
        entry
        for wtx in wallet.txs.values()
        if below is None or abs(facts.depth(wallet, wtx)) < below
        for entry in entries(wallet, wtx, label=label, change=change)
    ]
    found.sort(key=lambda entry: entry["txid"])  # the node's order is arbitrary, so nobody shall lean on ours
    answer: Json = {"transactions": found}
    if removed:
        answer["removed"] = _removed(wallet, cursor, fork, label, change=change) if cursor and fork else []
    last = chain.height + 1 - min(wanted, chain.height + 1)
    return {**answer, "lastblock": chain.active[last].hash}


def _removed(wallet: Wallet, cursor: Entry, fork: Entry, label: str | None, *, change: bool) -> list[Json]:
    """Our transactions in the blocks between a stale cursor and the fork, as they stand today."""
    found: list[Json] = []
    for entry in cursor.ancestors():
        if entry is fork:
            break
        if not entry.has_block:
            raise RpcError(INTERNAL, "Can't read block from disk")
        ours = [wallet.txs[tx.txid] for tx in entry.block.txs if tx.txid in wallet.txs]
        for wtx in ours:
            found += entries(wallet, wtx, least_depth=ANY_DEPTH, label=label, change=change)
    return found


@method(
    "gettransaction",
    text("txid", required=True),
    flag("include_watchonly", default=False),
    flag("verbose", default=False),
)
def gettransaction(call: Call, txid: str, _watchonly: bool, verbose: bool) -> Json:
    """One transaction of the wallet, whatever became of it."""
    wallet = call.wallet
    wtx = wallet_tx(wallet, txid)
    spent = facts.debit(wallet, wtx.tx)
    fee = wtx.tx.output_value - spent if spent else 0
    answer: Json = {"amount": coin(facts.credit(wallet, wtx) - spent - fee)}
    if spent:
        answer["fee"] = coin(fee)
    answer |= tx_fields(wallet, wtx)
    answer["details"] = entries(wallet, wtx, with_tx=False)
    answer["hex"] = wtx.tx.raw.hex()
    if verbose:
        answer["decoded"] = decoded(wtx.tx)
    return {**answer, "lastprocessedblock": last_processed(wallet)}


@method(
    "listtransactions",
    text("label", "*"),
    number("count", 10),
    number("skip", 0),
    flag("include_watchonly", default=False),
)
def listtransactions(call: Call, label: str, count: Any, skip: Any, _watchonly: bool) -> list[Json]:
    """Give the newest entries of the wallet, oldest first."""
    wallet = call.wallet
    wanted, passed = integer(count), integer(skip)
    if wanted < 0:
        raise RpcError(PARAMETER, "Negative count")
    if passed < 0:
        raise RpcError(PARAMETER, "Negative from")
    only = None if label == "*" else label
    found: list[Json] = []
    for wtx in reversed(wallet.txs.values()):
        found += reversed(entries(wallet, wtx, label=only))
        if len(found) >= wanted + passed:
            break
    return list(reversed(found[passed : passed + wanted]))


def received(wallet: Wallet, scripts: set[bytes], least: int, *, coinbases: bool) -> int:
    """Satoshi paid to some scripts in transactions at least so deep; replaced ones count at 0, as in the node."""
    total = 0
    for wtx in wallet.txs.values():
        depth = facts.depth(wallet, wtx)
        if depth < max(least, 0) or (
            wtx.tx.is_coinbase and (depth < 1 or (facts.is_immature(wallet, wtx) and not coinbases))
        ):
            continue
        total += sum(output.value for output in wtx.tx.outputs if output.script in scripts)
    return total


@method(
    "getreceivedbyaddress",
    text("address", required=True),
    number("minconf", 1),
    flag("include_immature_coinbase", default=False),
)
def getreceivedbyaddress(call: Call, address: str, minconf: Any, coinbases: bool) -> str:
    """Everything an address was ever paid."""
    wallet = call.wallet
    script = script_of_address(address, "Invalid Bitcoin address")
    if wallet.key_of(script) is None:
        raise RpcError(WALLET, "Address not found in wallet")
    return coin(received(wallet, {script}, integer(minconf), coinbases=coinbases))


@method(
    "getreceivedbylabel",
    text("label", required=True),
    number("minconf", 1),
    flag("include_immature_coinbase", default=False),
)
def getreceivedbylabel(call: Call, label: str, minconf: Any, coinbases: bool) -> str:
    """Everything the addresses of a label were ever paid."""
    wallet = call.wallet
    scripts = {script_of_address(address) for address, entry in wallet.labels.items() if entry["label"] == label}
    if not scripts:
        raise RpcError(WALLET, "Label not found in wallet")
    return coin(received(wallet, scripts, integer(minconf), coinbases=coinbases))


@method(
    "listreceivedbyaddress",
    number("minconf", 1),
    flag("include_empty", default=False),
    flag("include_watchonly", default=False),
    text("address_filter"),
    flag("include_immature_coinbase", default=False),
)
def listreceivedbyaddress(
    call: Call, minconf: Any, empty: bool, _watchonly: bool, only: str | None, coinbases: bool
) -> list[Json]:
    """Addresses with what they received."""
    wallet = call.wallet
    if only is not None:
        script_of_address(only, "address_filter parameter was invalid")
    found = []
    for address, entry in wallet.labels.items():
        if entry["purpose"] != "receive" or (only and only != address):
            continue
        line = _address_line(wallet, address, entry["label"], integer(minconf), coinbases=coinbases)
        if line["txids"] or empty:
            found.append(line)
    return found


def _address_line(wallet: Wallet, address: str, label: str, least: int, *, coinbases: bool) -> Json:
    script = script_of_address(address)
    paying = [
        wtx
        for wtx in wallet.txs.values()
        if any(address_of(output.script) == address for output in wtx.tx.outputs)
        and facts.depth(wallet, wtx) >= least
        and (not wtx.tx.is_coinbase or coinbases or not facts.is_immature(wallet, wtx))
    ]
    depths = [facts.depth(wallet, wtx) for wtx in paying]
    return {
        "address": address,
        "amount": coin(received(wallet, {script}, least, coinbases=coinbases)),
        "confirmations": min(depths, default=0),
        "label": label,
        "txids": [wtx.tx.txid for wtx in paying],
    }


@method("abandontransaction", text("txid", required=True))
def abandontransaction(call: Call, txid: str) -> None:
    """Give up a transaction that is neither confirmed nor in the mempool."""
    wallet = call.wallet
    wtx = wallet_tx(wallet, txid)
    if facts.depth(wallet, wtx) != 0 or facts.in_mempool(wallet, wtx):
        raise RpcError(ADDRESS_OR_KEY, "Transaction not eligible for abandonment")
    waiting = [wtx]
    while waiting:
        one = waiting.pop()
        wallet.abandon(one)
        spenders = [wallet.spends.get((one.tx.txid, index), []) for index in range(len(one.tx.outputs))]
        waiting += [wallet.txs[other] for others in spenders for other in others]


@method("removeprunedfunds", text("txid", required=True))
def removeprunedfunds(call: Call, txid: str) -> None:
    """Remove a transaction from the wallet."""
    wallet = call.wallet
    wanted = hash_of(txid, "txid")
    if wanted not in wallet.txs:
        raise RpcError(WALLET, f"Transaction {wanted} does not belong to this wallet")
    wallet.forget(wanted)
