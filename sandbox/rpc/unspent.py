"""What a wallet could spend, and keeping some of it back."""

from typing import Any

from sandbox.address import address_of
from sandbox.errors import PARAMETER, RpcError
from sandbox.keys import script_of
from sandbox.rpc.arguments import anything, flag, integer, listing, number, script_of_address
from sandbox.rpc.registry import Call, method
from sandbox.tx import Outpoint
from sandbox.values import coin, satoshi_of
from sandbox.wallet import facts
from sandbox.wallet.spend import OwnCoin, coins
from sandbox.wallet.wallet import Wallet

Json = dict[str, Any]


@method(
    "listunspent",
    number("minconf", 1),
    number("maxconf", 9999999),
    listing("addresses"),
    flag("include_unsafe", default=True),
    anything("query_options"),
)
def listunspent(
    call: Call, minconf: Any, maxconf: Any, addresses: list[str] | None, unsafe: bool, query: Any
) -> list[Json]:
    """Give outputs the wallet could spend."""
    wallet = call.wallet
    scripts = {script_of_address(address) for address in addresses or ()}
    least = satoshi_of((query or {}).get("minimumAmount", 0))
    return [
        _unspent_json(wallet, one)
        for one in coins(wallet, unsafe=unsafe, least_depth=integer(minconf))
        if one.depth <= integer(maxconf) and (not scripts or one.script in scripts) and one.value >= least
    ]


def _unspent_json(wallet: Wallet, one: OwnCoin) -> Json:
    info: Json = {"txid": one.outpoint[0], "vout": one.outpoint[1], "address": address_of(one.script)}
    label = wallet.label_of(one.script)
    if label is not None:
        info["label"] = label
    ref = wallet.key_of(one.script)
    if ref is not None and ref.kind == "p2sh-segwit":
        info["redeemScript"] = script_of("bech32", wallet.keys.public_key(ref)).hex()
    info |= {"scriptPubKey": one.script.hex(), "amount": coin(one.value), "confirmations": one.depth}
    if not one.depth:
        pool = wallet.mempool
        family = pool.ancestors(pool.entries[one.outpoint[0]].tx) | {one.outpoint[0]}
        fees, size = pool.total(family)
        info |= {"ancestorcount": len(family), "ancestorsize": size, "ancestorfees": fees}
    info |= {"spendable": wallet.can_sign, "solvable": True}
    if ref is not None:
        info |= {"desc": wallet.keys.descriptor(ref), "parent_descs": [wallet.keys.parent_descriptor(ref)]}
    return {**info, "safe": one.safe}


@method("lockunspent", flag("unlock"), listing("transactions"), flag("persistent", default=False))
def lockunspent(call: Call, unlock: bool, transactions: list[Json] | None, _persistent: bool) -> bool:
    """Keep outputs from being chosen, or free them again."""
    wallet = call.wallet
    if transactions is None:
        if unlock:
            wallet.locked.clear()
        return True
    wanted = [(str(one["txid"]), integer(one["vout"])) for one in transactions]
    for outpoint in wanted:
        _check_lock(wallet, outpoint, unlock=unlock)
    if unlock:
        wallet.locked.difference_update(wanted)
    else:
        wallet.locked.update(wanted)
    return True


def _check_lock(wallet: Wallet, outpoint: Outpoint, *, unlock: bool) -> None:
    wtx = wallet.txs.get(outpoint[0])
    if wtx is None:
        raise RpcError(PARAMETER, "Invalid parameter, unknown transaction")
    if outpoint[1] >= len(wtx.tx.outputs):
        raise RpcError(PARAMETER, "Invalid parameter, vout index out of bounds")
    if facts.is_spent(wallet, outpoint):
        raise RpcError(PARAMETER, "Invalid parameter, expected unspent output")
    if unlock != (outpoint in wallet.locked):
        state = "locked" if unlock else "unlocked"
        raise RpcError(
            PARAMETER,
            f"Invalid parameter, expected {state} output" if unlock else "Invalid parameter, output already locked",
        )


@method("listlockunspent")
def listlockunspent(call: Call) -> list[Json]:
    """Give outputs kept from being chosen."""
    return [{"txid": txid, "vout": vout} for txid, vout in sorted(call.wallet.locked)]
