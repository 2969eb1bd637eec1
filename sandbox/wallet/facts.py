"""What a wallet knows about one of its transactions, worked out from chain and mempool at the moment of asking."""

from sandbox.coins import MATURITY
from sandbox.tx import Outpoint, Tx
from sandbox.wallet.wallet import Wallet, WalletTx


def depth(wallet: Wallet, wtx: WalletTx) -> int:
    """Give confirmations; 0 unconfirmed, negative when something conflicting was confirmed that many blocks ago."""
    entry = wallet.chain.tx_entry.get(wtx.tx.txid)
    if entry is not None:
        return wallet.chain.height - entry.height + 1
    height = _conflict_height(wallet, wtx.tx)
    return 0 if height is None else -(wallet.chain.height - height + 1)


def _conflict_height(wallet: Wallet, tx: Tx) -> int | None:
    """Give the lowest block that confirmed a conflict with `tx` or with a transaction of this wallet it builds on."""
    heights = []
    for txin in tx.inputs if not tx.is_coinbase else ():
        spender = wallet.chain.coins.spent_by.get(txin.outpoint)
        if spender is not None:
            heights.append(wallet.chain.tx_entry[spender].height)
        elif (parent := wallet.txs.get(txin.txid)) and txin.txid not in wallet.chain.tx_entry:
            height = _conflict_height(wallet, parent.tx)
            heights += [height] if height is not None else []
    return min(heights, default=None)


def in_mempool(wallet: Wallet, wtx: WalletTx) -> bool:
    """Whether the transaction waits in the mempool."""
    return wtx.tx.txid in wallet.mempool


def is_abandoned(wallet: Wallet, wtx: WalletTx) -> bool:
    """Whether it was given up; a coinbase off the chain always is."""
    return wtx.abandoned or (wtx.tx.is_coinbase and wtx.tx.txid not in wallet.chain.tx_entry)


def wallet_conflicts(wallet: Wallet, wtx: WalletTx) -> list[str]:
    """Other transactions of this wallet that spend one of the same outputs."""
    found = {other for txin in wtx.tx.inputs for other in wallet.spends[txin.outpoint]}
    return sorted(found - {wtx.tx.txid}) if not wtx.tx.is_coinbase else []


def mempool_conflicts(wallet: Wallet, wtx: WalletTx) -> list[str]:
    """Mempool transactions, ours or not, that spend an output this one or one it builds on spends."""
    if in_mempool(wallet, wtx) or wtx.tx.txid in wallet.chain.tx_entry:
        return []
    found: set[str] = set()
    for txin in wtx.tx.inputs:
        winner = wallet.mempool.spends.get(txin.outpoint)
        parent = wallet.txs.get(txin.txid)
        if winner is not None:
            found.add(winner)
        elif parent is not None:
            found.update(mempool_conflicts(wallet, parent))
    return sorted(found)


def debit(wallet: Wallet, tx: Tx) -> int:
    """Satoshi of ours the transaction spends."""
    values = (wallet.own_value(txin.outpoint) for txin in tx.inputs)
    return sum(value for value in values if value is not None)


def own_outputs(wallet: Wallet, tx: Tx) -> list[int]:
    """Give the numbers of the outputs that are ours."""
    return [index for index, output in enumerate(tx.outputs) if wallet.key_of(output.script)]


def unspent_outputs(wallet: Wallet, wtx: WalletTx) -> list[int]:
    """Give the numbers of our outputs that exist, in a block or in the mempool, and that nothing of ours spends."""
    txid, outputs = wtx.tx.txid, range(len(wtx.tx.outputs))
    if txid in wallet.chain.tx_entry:
        outputs_left = [index for index in outputs if (txid, index) in wallet.chain.coins.unspent]
    else:
        outputs_left = list(outputs) if in_mempool(wallet, wtx) else []
    ours = [index for index in outputs_left if wallet.key_of(wtx.tx.outputs[index].script)]
    return [index for index in ours if not is_spent(wallet, (txid, index))]


def is_immature(wallet: Wallet, wtx: WalletTx) -> bool:
    """Whether it is a coinbase that cannot be spent yet."""
    return wtx.tx.is_coinbase and depth(wallet, wtx) <= MATURITY


def credit(wallet: Wallet, wtx: WalletTx) -> int:
    """Satoshi the transaction gives us; none from an immature coinbase."""
    if is_immature(wallet, wtx):
        return 0
    return sum(wtx.tx.outputs[index].value for index in own_outputs(wallet, wtx.tx))


def is_change(wallet: Wallet, script: bytes) -> bool:
    """Whether an output is our own change: ours, and not in the address book."""
    return wallet.key_of(script) is not None and wallet.label_of(script) is None


def is_trusted(wallet: Wallet, wtx: WalletTx) -> bool:
    """Whether the node lets us spend it: confirmed, or our own and its parents trusted too."""
    confirmations = depth(wallet, wtx)
    if confirmations:
        return confirmations > 0
    if not in_mempool(wallet, wtx):
        return False
    for txin in wtx.tx.inputs:
        parent = wallet.txs.get(txin.txid)
        if parent is None or wallet.own_value(txin.outpoint) is None or not is_trusted(wallet, parent):
            return False
    return True


def is_spent(wallet: Wallet, outpoint: Outpoint) -> bool:
    """Whether a transaction of this wallet that may still confirm spends the output."""
    for txid in wallet.spends.get(outpoint, ()):
        wtx = wallet.txs[txid]
        confirmations = depth(wallet, wtx)
        given_up = is_abandoned(wallet, wtx) or bool(mempool_conflicts(wallet, wtx))
        if confirmations > 0 or (confirmations == 0 and not given_up):
            return True
    return False


def replaceable(wallet: Wallet, wtx: WalletTx) -> str:
    """Give the field `bip125-replaceable`: yes, no, or unknown for what is not in the mempool."""
    if depth(wallet, wtx) > 0:
        return "no"
    if wtx.tx.signals_replacement:
        return "yes"
    if not in_mempool(wallet, wtx):
        return "unknown"
    pool = wallet.mempool
    signalling = any(pool.entries[txid].tx.signals_replacement for txid in pool.ancestors(wtx.tx))
    return "yes" if signalling else "no"
