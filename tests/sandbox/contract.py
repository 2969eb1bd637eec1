"""What the store relies on in a node's answers, and how an answer is held against a recorded one.

Two answers agree when they have the same members, the same JSON types throughout, and equal values in the
members named here. Everything else (sizes, times, keys, heights) may differ from node to node.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

RELIED_ON = {
    "getnewaddress",
    "listsinceblock",
    "gettransaction",
    "getmempoolentry",
    "getreceivedbyaddress",
    "gettxout",
    "getblockchaininfo",
    "getblockheader",
    "getnetworkinfo",
    "getwalletinfo",
    "getbalances",
    "getaddressinfo",
    "getaddressesbylabel",
    "validateaddress",
    "estimatesmartfee",
    "listreceivedbyaddress",
    "listtransactions",
    "listunspent",
    "sendtoaddress",
    "sendrawtransaction",
    "bumpfee",
    "abandontransaction",
    "testmempoolaccept",
    "invalidateblock",
    "reconsiderblock",
    "loadwallet",
    "unloadwallet",
    "setlabel",
    "settxfee",
}
"""The methods whose recorded calls are replayed; other calls in a recording are left out."""

EXACT = {
    "transactions",
    "removed",
    "lastblock",
    "details",
    "txid",
    "address",
    "category",
    "amount",
    "label",
    "labels",
    "vout",
    "abandoned",
    "confirmations",
    "trusted",
    "generated",
    "blockhash",
    "bip125-replaceable",
    "walletconflicts",
    "mempoolconflicts",
    "comment",
    "to",
    "replaces_txid",
    "replaced_by_txid",
    "ancestorcount",
    "descendantcount",
    "depends",
    "spentby",
    "isvalid",
    "ismine",
    "iswatchonly",
    "ischange",
    "isscript",
    "iswitness",
    "witness_version",
    "chain",
    "initialblockdownload",
    "pruned",
    "errors",
    "error",
    "error_locations",
    "purpose",
    "allowed",
    "reject-reason",
    "hdkeypath",
    "fee_reason",
}
"""Members whose values must be equal, once ids and addresses are translated."""

RANDOM_IN_SENDS = {"vout", "fee"}
"""The node puts change in a random place and chooses coins as it likes."""

Translate = Callable[[str], str | None]


def differences(recorded: Any, ours: Any, translate: Translate, where: str = "result") -> list[str]:
    """What in `ours` breaks the contract that `recorded` sets; empty when nothing does."""
    if kind(recorded) != kind(ours):
        return [f"{where}: {kind(ours)} {ours!r} instead of {kind(recorded)} {recorded!r}"]
    if isinstance(recorded, dict):
        return _members(recorded, ours, translate, where)
    if isinstance(recorded, list):
        return _items(recorded, ours, translate, where)
    name = where.rpartition(".")[2]
    if name not in EXACT and name != "result":
        return []
    wanted = translate(recorded) if isinstance(recorded, str) else recorded
    return [] if wanted is None or wanted == ours else [f"{where}: {ours!r} instead of {wanted!r}"]


def kind(value: Any) -> str:
    """The JSON type; whole and decimal numbers are told apart, since clients parse them apart."""
    names = {bool: "bool", int: "integer", Decimal: "decimal", str: "text", list: "list", dict: "object"}
    return names.get(type(value), "null")


def _members(recorded: Any, ours: Any, translate: Translate, where: str) -> list[str]:
    if _is_map(recorded):
        recorded = {translate(key) or key: value for key, value in recorded.items()}
    if set(recorded) != set(ours):
        return [f"{where}: missing {sorted(set(recorded) - set(ours))}, extra {sorted(set(ours) - set(recorded))}"]
    free = RANDOM_IN_SENDS if recorded.get("category") == "send" else set()
    found = []
    for name in recorded.keys() - free:
        found += differences(recorded[name], ours[name], translate, f"{where}.{name}")
    return found


def _is_map(value: dict[str, Any]) -> bool:
    return bool(value) and all(name.startswith("bcrt1") for name in value)


def _items(recorded: Any, ours: Any, translate: Translate, where: str) -> list[str]:
    if where.rpartition(".")[2] not in EXACT | {"result"}:
        return []
    if recorded and isinstance(recorded[0], dict) and "txid" in recorded[0]:
        recorded = [one for one in recorded if translate(one["txid"]) is not None]
        recorded.sort(key=lambda one: _order(one, translate(one["txid"]) or ""))
        ours = sorted(ours, key=lambda one: _order(one, one["txid"]))
    elif recorded and isinstance(recorded[0], str):
        return _texts(recorded, ours, translate, where)
    if len(recorded) != len(ours):
        return [f"{where}: {len(ours)} entries {ours!r} instead of {len(recorded)} {recorded!r}"]
    return [
        line
        for number, (one, other) in enumerate(zip(recorded, ours, strict=True))
        for line in differences(one, other, translate, f"{where}[{number}]")
    ]


def _order(entry: dict[str, Any], txid: str) -> tuple[Any, ...]:
    return txid, entry.get("category", ""), entry.get("amount", 0), entry.get("vout", 0)


def _texts(recorded: list[str], ours: Any, translate: Translate, where: str) -> list[str]:
    wanted = [translate(one) for one in recorded]
    if None in wanted:
        return []
    return [] if sorted(map(str, wanted)) == sorted(ours) else [f"{where}: {ours!r} instead of {wanted!r}"]
