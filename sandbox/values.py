"""JSON as the node writes it: amounts with exactly eight decimals, never through a float."""

import json
import re
import secrets
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.errors import RpcError
from sandbox.tx import COIN, MAX_MONEY

_MARK = secrets.token_hex(8)  # so that no text of a caller can pass for an amount
_MARKED = re.compile(f'"{_MARK}([-0-9.eE+]+)"')


def coin(satoshi: int) -> str:
    """Give an amount for an answer; `encode` turns it into a JSON number in BTC."""
    sign = "-" if satoshi < 0 else ""
    return f"{_MARK}{sign}{abs(satoshi) // COIN}.{abs(satoshi) % COIN:08d}"


def encode(value: Any) -> str:
    """JSON text without blanks, amounts as numbers."""
    return _MARKED.sub(r"\1", json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=_exact))


def _exact(value: Any) -> str:
    """Let a decimal number a caller sent (as an id) go back as it came."""
    if isinstance(value, Decimal):
        return f"{_MARK}{value}"
    raise TypeError(f"{type(value).__name__} is not JSON")


def decode(text: str) -> Any:
    """JSON from a caller, decimal numbers kept exact; `ValueError` when it is not JSON."""
    return json.loads(text, parse_float=Decimal)


def satoshi_of(value: Any) -> int:
    """Satoshi of an amount in BTC, number or string; raises -3 with the node's words."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise RpcError(-3, "Amount is not a number or string")
    amount = _decimal(value)
    satoshi = amount * COIN
    if satoshi != satoshi.to_integral_value() or abs(satoshi) >= 10**18:
        raise RpcError(-3, "Invalid amount")
    if not 0 <= satoshi <= MAX_MONEY:
        raise RpcError(-3, "Amount out of range")
    return int(satoshi)


def _decimal(value: int | Decimal | str) -> Decimal:
    if isinstance(value, str) and not re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?", value):
        raise RpcError(-3, "Invalid amount")
    try:
        return Decimal(value)
    except InvalidOperation as error:
        raise RpcError(-3, "Invalid amount") from error
