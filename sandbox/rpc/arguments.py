"""Reading arguments the way the node does, with its complaints."""

import re
from decimal import Decimal
from typing import Any

from sandbox.address import AddressError, script_for
from sandbox.chain import Entry
from sandbox.errors import ADDRESS_OR_KEY, DESERIALIZATION, FUNDS, MISC, PARAMETER, RpcError
from sandbox.node import Node
from sandbox.rpc.registry import Param, json_name
from sandbox.tx import Tx

LEAST_RATE = 1000


def text(name: str, default: str | None = None, *, required: bool = False) -> Param:
    """Give a string argument."""
    return Param(name, "string", default, required)


def number(name: str, default: int | None = None, *, required: bool = False) -> Param:
    """Give a number argument."""
    return Param(name, "number", default, required)


def flag(name: str, *, default: bool | None = None) -> Param:
    """Give a boolean argument."""
    return Param(name, "bool", default)


def anything(name: str, default: Any = None, *, required: bool = False) -> Param:
    """Give an argument whose type the method itself looks at."""
    return Param(name, "", default, required)


def options(name: str, *members: str) -> Param:
    """Give an object of options, whose members may be given as named arguments as well."""
    return Param(name, "object", None, False, members)


def listing(name: str, default: Any = None, *, required: bool = False) -> Param:
    """Give an array argument."""
    return Param(name, "array", default, required)


def integer(value: Any) -> int:
    """Give a whole number; raises -1 as the node does for anything with a fraction."""
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**31) <= value < 2**31:
        raise RpcError(MISC, "JSON integer out of range")
    return value


def hash_of(value: str, name: str) -> str:
    """Give a 32-byte hash in hex; raises -8."""
    if len(value) != 64:
        raise RpcError(PARAMETER, f"{name} must be of length 64 (not {len(value)}, for '{value}')")
    if not re.fullmatch(r"[0-9a-fA-F]{64}", value):
        raise RpcError(PARAMETER, f"{name} must be hexadecimal string (not '{value}')")
    return value.lower()


def entry_of(node: Node, value: str) -> Entry:
    """Give a known block by its hash; raises -8 or -5."""
    entry = node.chain.entries.get(hash_of(value, "blockhash"))
    if entry is None:
        raise RpcError(ADDRESS_OR_KEY, "Block not found")
    return entry


def tx_of(value: str, complaint: str = "TX decode failed. Make sure the tx has at least one input.") -> Tx:
    """Give a transaction in hex; raises -22."""
    try:
        return Tx.parse(bytes.fromhex(value))
    except ValueError as error:
        raise RpcError(DESERIALIZATION, complaint) from error


def script_of_address(value: str, complaint: str = "Invalid Bitcoin address: {}") -> bytes:
    """Give the script of an address; raises -5 with the complaint."""
    try:
        return script_for(value)
    except AddressError as error:
        raise RpcError(ADDRESS_OR_KEY, complaint.format(value)) from error


def rate_of(value: Any) -> int:
    """Satoshi per 1000 virtual bytes from a fee rate in satoshi per virtual byte; raises -3 or -6."""
    if json_name(value) not in {"number", "string"}:
        raise RpcError(-3, "Amount is not a number or string")
    exact = Decimal(str(value)) * 1000
    if exact != exact.to_integral_value():
        raise RpcError(-3, "Invalid amount")
    rate = int(exact)
    if rate < LEAST_RATE:
        shown = f"{rate // 1000}.{rate % 1000:03d}"
        text_ = f"Fee rate ({shown} sat/vB) is lower than the minimum fee rate setting (1.000 sat/vB)"
        raise RpcError(FUNDS, text_)
    return rate


def outputs_of(value: Any) -> list[tuple[str, Any]]:
    """Give the pairs of an outputs argument, an object or an array of objects; raises -8 for doubled addresses."""
    singles = [value] if isinstance(value, dict) else value
    pairs = [pair for one in singles for pair in _members(one, alone=one is not value)]
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            what = "duplicate key: data" if key == "data" else f"duplicated address: {key}"
            raise RpcError(PARAMETER, f"Invalid parameter, {what}")
        seen.add(key)
    return pairs


def _members(value: Any, *, alone: bool) -> list[tuple[str, Any]]:
    if not isinstance(value, dict):
        raise RpcError(PARAMETER, "Invalid parameter, key-value pair not an object as expected")
    if alone and len(value) != 1:
        raise RpcError(PARAMETER, "Invalid parameter, key-value pair must contain exactly one key")
    return list(value.items())
