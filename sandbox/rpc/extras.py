"""Small calls that tools expect to find."""

from typing import Any

from sandbox.errors import RpcError
from sandbox.keys import LOOKAHEAD
from sandbox.rpc.arguments import flag, hash_of, integer, listing, number, text
from sandbox.rpc.chain import DIFFICULTY
from sandbox.rpc.registry import Call, method

Json = dict[str, Any]
UNENCRYPTED = "Error: running with an unencrypted wallet, but {} was called."


@method("walletpassphrase", text("passphrase", required=True), number("timeout", required=True))
def walletpassphrase(call: Call, _passphrase: str, _timeout: Any) -> None:
    """Refuse: wallets of the sandbox are not encrypted."""
    _refuse(call, "walletpassphrase")


@method("walletlock")
def walletlock(call: Call) -> None:
    """Refuse: wallets of the sandbox are not encrypted."""
    _refuse(call, "walletlock")


def _refuse(call: Call, name: str) -> None:
    if call.wallet:
        raise RpcError(-15, UNENCRYPTED.format(name))


@method("keypoolrefill", number("newsize"))
def keypoolrefill(_call: Call, _newsize: Any) -> None:
    """Do nothing: keys follow from the seed when they are needed."""


@method("rescanblockchain", number("start_height", 0), number("stop_height"))
def rescanblockchain(call: Call, start: Any, stop: Any) -> Json:
    """Look through blocks again for transactions of the wallet."""
    chain = call.node.chain
    first, last = integer(start), chain.height if stop is None else integer(stop)
    if not 0 <= first <= last <= chain.height:
        raise RpcError(-8, "Invalid start_height" if not 0 <= first <= chain.height else "Invalid stop_height")
    wallet = call.wallet
    for entry in chain.active[first : last + 1]:
        for tx in entry.block.txs:
            wallet.notice(tx, now=call.node.now(), block_time=entry.header.time)
    return {"start_height": first, "stop_height": last}


@method("listdescriptors", flag("private", default=False))
def listdescriptors(call: Call, private: bool) -> Json:
    """Name the branches the wallet hands out addresses from; private keys stay inside."""
    wallet = call.wallet
    if private:
        raise RpcError(-4, "The sandbox does not show private keys")
    found = [
        {
            "desc": wallet.keys.account_descriptor(kind, internal=internal),
            "timestamp": wallet.data["created"],
            "active": True,
            "internal": internal,
            "range": [0, branch.next_index + LOOKAHEAD - 1],
            "next": branch.next_index,
            "next_index": branch.next_index,
        }
        for (kind, internal), branch in wallet.keys.branches.items()
    ]
    return {"wallet_name": wallet.name, "descriptors": sorted(found, key=lambda one: str(one["desc"]))}


@method("gettxspendingprevout", listing("outputs", required=True))
def gettxspendingprevout(call: Call, outputs: list[Json]) -> list[Json]:
    """Name the mempool transactions that spend some outputs."""
    answer = []
    for one in outputs:
        outpoint = (hash_of(str(one["txid"]), "txid"), integer(one["vout"]))
        spender = call.node.mempool.spends.get(outpoint)
        found: Json = {"txid": outpoint[0], "vout": outpoint[1]}
        answer.append({**found, "spendingtxid": spender} if spender else found)
    return answer


@method("getmininginfo")
def getmininginfo(call: Call) -> Json:
    """Describe the state of mining."""
    return {
        "blocks": call.node.chain.height,
        "difficulty": DIFFICULTY,
        "networkhashps": 0,
        "pooledtx": len(call.node.mempool.entries),
        "chain": "regtest",
        "warnings": [],
    }


@method("getdifficulty")
def getdifficulty(_call: Call) -> float:
    """Give the difficulty of the regression test network."""
    return DIFFICULTY


@method("getconnectioncount")
def getconnectioncount(_call: Call) -> int:
    """Give 0: the sandbox is alone."""
    return 0


@method("getpeerinfo")
def getpeerinfo(_call: Call) -> list[Json]:
    """List no peers: the sandbox is alone."""
    return []


@method("getzmqnotifications")
def getzmqnotifications(_call: Call) -> list[Json]:
    """List no notifications: the sandbox sends none."""
    return []


@method("ping")
def ping(_call: Call) -> None:
    """Do nothing."""


@method("syncwithvalidationinterfacequeue")
def syncwithvalidationinterfacequeue(_call: Call) -> None:
    """Do nothing: wallets are never behind the chain here."""
