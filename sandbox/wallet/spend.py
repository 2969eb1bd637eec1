"""Making payments: choosing coins, working out fees, signing, and replacing by a higher fee."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from sandbox.address import dust_limit, script_for
from sandbox.errors import FUNDS, RpcError
from sandbox.policy import CHAIN_LIMIT, RELAY_FEE, fee_for
from sandbox.signing import padded, sign
from sandbox.tx import Outpoint, Tx, TxIn, TxOut
from sandbox.verify import Spent
from sandbox.wallet import facts
from sandbox.wallet.wallet import Wallet

FALLBACK_RATE = 10_000
"""Satoshi per 1000 virtual bytes when nothing else is said (bitcoind -fallbackfee=0.0001)."""
REPLACEABLE = 0xFFFFFFFD
FINAL = 0xFFFFFFFE
CHAIN_MESSAGE = (
    "Unconfirmed UTXOs are available, but spending them creates a chain of transactions "
    "that will be rejected by the mempool"
)


class OwnCoin(NamedTuple):
    """An output of ours that could be spent; `depth` in confirmations."""

    outpoint: Outpoint
    value: int
    script: bytes
    kind: str
    depth: int
    safe: bool


@dataclass
class Plan:
    """What a payment should look like. Rates are satoshi per 1000 virtual bytes."""

    outputs: list[TxOut]
    rate: int = FALLBACK_RATE
    subtract_from: list[int] = field(default_factory=list)
    replaceable: bool = True
    preset: list[TxIn] = field(default_factory=list)
    add_inputs: bool = True
    change_script: bytes | None = None
    change_position: int | None = None
    locktime: int = 0
    version: int = 2
    unsafe: bool = False


class Made(NamedTuple):
    """A transaction that pays what a plan says, unsigned; `change` is the place of the change output, -1 if none."""

    tx: Tx
    fee: int
    change: int


def coins(wallet: Wallet, *, unsafe: bool = False, least_depth: int = 0) -> list[OwnCoin]:
    """Give the wallet's unspent, unlocked outputs; unconfirmed ones of others only when `unsafe`."""
    found = []
    for wtx in wallet.txs.values():
        left = facts.unspent_outputs(wallet, wtx)
        depth = facts.depth(wallet, wtx) if left else 0
        if not left or depth < least_depth or facts.is_immature(wallet, wtx):
            continue
        safe = facts.is_trusted(wallet, wtx) and not (depth == 0 and _superseded(wtx.notes))
        if not safe and not unsafe:
            continue
        for index in left:
            outpoint = (wtx.tx.txid, index)
            if outpoint not in wallet.locked:
                found.append(_own_coin(wallet, outpoint, wtx.tx.outputs[index], depth, safe=safe))
    return found


def _superseded(notes: dict[str, str]) -> bool:
    return "replaces_txid" in notes or "replaced_by_txid" in notes


def _own_coin(wallet: Wallet, outpoint: Outpoint, output: TxOut, depth: int, *, safe: bool) -> OwnCoin:
    ref = wallet.key_of(output.script)
    return OwnCoin(outpoint, output.value, output.script, ref.kind if ref else "bech32", depth, safe)


def make(wallet: Wallet, plan: Plan) -> Made:
    """Choose coins and change for a plan; raises -6 with the node's words when it cannot be done."""
    if any(output.value < dust_limit(output.script) for output in plan.outputs):
        raise RpcError(FUNDS, "Transaction amount too small")
    chosen = _preset_coins(wallet, plan)
    reserve = _candidates(wallet, plan, chosen) if plan.add_inputs else []
    while True:
        made = _attempt(wallet, plan, chosen)
        if made is not None:
            _check_chain(wallet, made.tx)
            return made
        if not reserve:
            raise _poor(wallet, plan, chosen)
        chosen.append(reserve.pop(0))


def _poor(wallet: Wallet, plan: Plan, chosen: list[OwnCoin]) -> RpcError:
    needed = sum(output.value for output in plan.outputs)
    if plan.subtract_from and sum(coin.value for coin in chosen) >= needed:
        return RpcError(FUNDS, "The transaction amount is too small to pay the fee")
    limited = [coin for coin in coins(wallet, unsafe=plan.unsafe) if _too_long(wallet, coin)]
    if sum(coin.value for coin in limited) + sum(coin.value for coin in chosen) >= needed and limited:
        return RpcError(FUNDS, CHAIN_MESSAGE)
    return RpcError(FUNDS, "Insufficient funds")


def _candidates(wallet: Wallet, plan: Plan, chosen: list[OwnCoin]) -> list[OwnCoin]:
    """Coins in the order to add them: confirmed first, then the smallest that does, then the biggest."""
    taken = {coin.outpoint for coin in chosen}
    free = [coin for coin in coins(wallet, unsafe=plan.unsafe) if coin.outpoint not in taken]
    free = [coin for coin in free if not _too_long(wallet, coin)]
    needed = sum(output.value for output in plan.outputs) + fee_for(500, plan.rate)
    enough = sorted((coin for coin in free if coin.depth and coin.value >= needed), key=lambda coin: coin.value)
    rest = sorted(free, key=lambda coin: (coin.depth == 0, -coin.value))
    return [*enough[:1], *(coin for coin in rest if coin not in enough[:1])]


def _too_long(wallet: Wallet, coin: OwnCoin) -> bool:
    if coin.depth:
        return False
    pool = wallet.mempool
    parent = pool.entries[coin.outpoint[0]].tx
    ancestors = pool.ancestors(parent)
    crowded = any(len(pool.descendants(txid)) >= CHAIN_LIMIT for txid in {*ancestors, parent.txid})
    return len(ancestors) + 1 >= CHAIN_LIMIT or crowded


def _check_chain(wallet: Wallet, tx: Tx) -> None:
    if len(wallet.mempool.ancestors(tx)) >= CHAIN_LIMIT:
        raise RpcError(FUNDS, CHAIN_MESSAGE)


def _preset_coins(wallet: Wallet, plan: Plan) -> list[OwnCoin]:
    found = []
    for txin in plan.preset:
        wtx = wallet.txs.get(txin.txid)
        if wtx is None or txin.vout >= len(wtx.tx.outputs):
            raise RpcError(FUNDS, "Insufficient funds")
        found.append(_own_coin(wallet, txin.outpoint, wtx.tx.outputs[txin.vout], 1, safe=True))
    return found


def _attempt(wallet: Wallet, plan: Plan, chosen: Sequence[OwnCoin]) -> Made | None:
    """Try with exactly these coins: with change if it is worth having, else without; None when it is too little."""
    total = sum(coin.value for coin in chosen)
    if not chosen:
        return None
    without = _assemble(plan, chosen, plan.outputs)
    change_script = plan.change_script or _change_script(wallet)
    spare = total - sum(output.value for output in plan.outputs)
    fee = fee_for(_size(without, chosen), plan.rate)
    owed = 0 if plan.subtract_from else fee
    if spare < owed:
        return None
    position = _position(plan)
    with_change = _assemble(plan, chosen, _inserted(plan.outputs, position, TxOut(0, change_script)))
    full_fee = fee_for(_size(with_change, chosen), plan.rate)
    change = spare - (0 if plan.subtract_from else full_fee)
    if change >= dust_limit(change_script) + fee_for(68, RELAY_FEE):
        outputs = _subtracted(plan, full_fee)
        made = _inserted(outputs, position, TxOut(change, change_script))
        return Made(_assemble(plan, chosen, made), full_fee, position) if outputs else None
    outputs = _subtracted(plan, fee - spare) if plan.subtract_from else plan.outputs
    return Made(_assemble(plan, chosen, outputs), max(fee, spare), -1) if outputs else None


def _change_script(wallet: Wallet) -> bytes:
    """Give the next change script, without using it up yet."""
    branch = wallet.keys.branches[("bech32", True)]
    return branch.script(branch.next_index)


def _position(plan: Plan) -> int:
    if plan.change_position is not None:
        return plan.change_position
    return secrets.randbelow(len(plan.outputs) + 1)


def _inserted(outputs: Iterable[TxOut], position: int, output: TxOut) -> list[TxOut]:
    every = list(outputs)
    return [*every[:position], output, *every[position:]]


def _subtracted(plan: Plan, fee: int) -> list[TxOut]:
    """Give outputs with `fee` satoshi shared out over those that bear it; empty when one cannot."""
    outputs = list(plan.outputs)
    for number, index in enumerate(plan.subtract_from):
        share = fee // len(plan.subtract_from) + (fee % len(plan.subtract_from) if not number else 0)
        outputs[index] = outputs[index]._replace(value=outputs[index].value - max(share, 0))
        if outputs[index].value < dust_limit(outputs[index].script):
            return []
    return outputs


def _assemble(plan: Plan, chosen: Sequence[OwnCoin], outputs: Iterable[TxOut]) -> Tx:
    sequences = {txin.outpoint: txin.sequence for txin in plan.preset}
    default = REPLACEABLE if plan.replaceable else FINAL
    inputs = tuple(TxIn(*coin.outpoint, b"", sequences.get(coin.outpoint, default)) for coin in chosen)
    return Tx(plan.version, inputs, tuple(outputs), plan.locktime)


def _size(tx: Tx, chosen: Sequence[OwnCoin]) -> int:
    return padded(tx, [coin.kind for coin in chosen]).vsize


def sign_own(wallet: Wallet, tx: Tx) -> Tx:
    """Sign every input whose key is in the wallet."""
    return sign_with(wallet, tx, [find_coin(wallet, txin.outpoint) for txin in tx.inputs])


def sign_with(wallet: Wallet, tx: Tx, coins: Sequence[Spent | None]) -> Tx:
    """Sign what the wallet has keys for, given each input's coin where it is known."""
    spent: list[Spent] = []
    keys = []
    for coin in coins:
        spent.append(coin or (0, b""))
        ref = wallet.key_of(coin[1]) if coin else None
        keys.append(wallet.keys.private_key(ref) if ref and wallet.can_sign else None)
    return sign(tx, spent, keys)


def find_coin(wallet: Wallet, outpoint: Outpoint) -> Spent | None:
    """Give satoshi and script of an output the wallet, the chain or the mempool knows."""
    wtx = wallet.txs.get(outpoint[0])
    if wtx is not None and outpoint[1] < len(wtx.tx.outputs):
        output = wtx.tx.outputs[outpoint[1]]
        return output.value, output.script
    coin = wallet.mempool.coin(outpoint)
    return (coin.value, coin.script) if coin else None


def use_change(wallet: Wallet, made: Made) -> None:
    """Use up the change key a payment took, so that the next one gets another."""
    if made.change >= 0:
        ref = wallet.key_of(made.tx.outputs[made.change].script)
        if ref is not None and wallet.keys.mark_used(ref):
            wallet.save()


def pay_to(address: str, satoshi: int) -> TxOut:
    """Give an output to an address; raises `AddressError`."""
    return TxOut(satoshi, script_for(address))


def without_signatures(tx: Tx) -> Tx:
    """Give the transaction as it was before signing."""
    return replace(tx, inputs=tuple(txin._replace(script_sig=b"") for txin in tx.inputs), witness=())
