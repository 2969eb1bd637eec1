"""The table of RPC methods, and how arguments get into them by position or by name."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sandbox.errors import MISC, PARAMETER, TYPE, RpcError
from sandbox.node import Node
from sandbox.wallet.wallet import Wallet

JSON_NAMES: list[tuple[type | tuple[type, ...], str]] = [
    (bool, "bool"),
    ((int, Decimal, float), "number"),
    (str, "string"),
    (list, "array"),
    (dict, "object"),
]


@dataclass(frozen=True)
class Param:
    """One argument: its name, the JSON type it must have (empty for any), and its default."""

    name: str
    kind: str = ""
    default: Any = None
    required: bool = False
    also_named: tuple[str, ...] = ()
    """For an options object: members that may also be given as named arguments."""


@dataclass
class Call:
    """What a method can reach while it answers."""

    node: Node
    path: str
    stop: Callable[[], None] = field(default=lambda: None)

    @property
    def wallet(self) -> Wallet:
        """The wallet the path names, or the only one loaded; raises -18 or -19."""
        wallets = self.node.wallets
        if self.path.startswith("/wallet/"):
            name = self.path[len("/wallet/") :]
            if name not in wallets:
                raise RpcError(-18, "Requested wallet does not exist or is not loaded")
            return wallets[name]
        if len(wallets) == 1:
            return next(iter(wallets.values()))
        if wallets:
            text = "Wallet file not specified (must request wallet RPC through /wallet/<filename> uri-path)."
            raise RpcError(-19, text)
        raise RpcError(
            -18,
            "No wallet is loaded. Load a wallet using loadwallet or create a new one with createwallet. "
            "(Note: A default wallet is no longer automatically created)",
        )


Handler = Callable[..., Any]


@dataclass(frozen=True)
class Method:
    """A callable RPC method."""

    name: str
    params: tuple[Param, ...]
    handler: Handler
    about: str

    @property
    def usage(self) -> str:
        """The call as `help` shows it."""
        words = [self.name]
        optional = False
        for param in self.params:
            shown = f'"{param.name}"' if param.kind == "string" else param.name
            opening = "( " if not param.required and not optional else ""
            optional = optional or bool(opening)
            words.append(opening + shown)
        return " ".join(words) + (" )" if optional else "")


METHODS: dict[str, Method] = {}


def method(name: str, *params: Param) -> Callable[[Handler], Handler]:
    """Register the decorated function as an RPC method; it gets the `Call` and then the arguments in order."""

    def register(handler: Handler) -> Handler:
        METHODS[name] = Method(name, params, handler, (handler.__doc__ or "").strip())
        return handler

    return register


def invoke(name: str, arguments: Any, call: Call) -> Any:
    """Run a method; raises `RpcError`."""
    known = METHODS.get(name)
    if known is None:
        raise RpcError(-32601, "Method not found")
    values = _by_name(known, arguments) if isinstance(arguments, dict) else list(arguments or [])
    _check_count(known, values)
    _check_types(known, values)
    padded = values + [None] * (len(known.params) - len(values))
    filled = [param.default if value is None else value for param, value in zip(known.params, padded, strict=True)]
    return known.handler(call, *filled)


def _by_name(known: Method, arguments: dict[str, Any]) -> list[Any]:
    named = dict(arguments)
    values = list(named.pop("args", []))
    for index, param in enumerate(known.params):
        if param.name in named:
            if index < len(values):
                text = f"Parameter {param.name} specified twice both as positional and named argument"
                raise RpcError(PARAMETER, text)
            values += [None] * (index - len(values))
            values.append(named.pop(param.name))
        options = {key: named.pop(key) for key in param.also_named if key in named}
        if options:
            values += [None] * (index + 1 - len(values))
            values[index] = {**(values[index] or {}), **options}
    if named:
        raise RpcError(PARAMETER, f"Unknown named parameter {next(iter(named))}")
    return values


def _check_count(known: Method, values: list[Any]) -> None:
    needed = sum(param.required for param in known.params)
    if not needed <= len(values) <= len(known.params):
        raise RpcError(MISC, f"{known.usage}\n\n{known.about}\n")


def _check_types(known: Method, values: list[Any]) -> None:
    wrong = {}
    for position, (param, value) in enumerate(zip(known.params, values, strict=False), 1):
        if not param.kind or (value is None and not param.required):
            continue
        found = json_name(value)
        if found != param.kind:
            text = f"JSON value of type {found} is not of expected type {param.kind}"
            wrong[f"Position {position} ({param.name})"] = text
        unknown = set(value) - set(param.also_named) if param.also_named and isinstance(value, dict) else ()
        if unknown:
            raise RpcError(TYPE, f"Unexpected key {sorted(unknown)[0]}")
    if wrong:
        raise RpcError(TYPE, f"Wrong type passed:\n{json.dumps(wrong, indent=4)}")


def json_name(value: Any) -> str:
    """Give the node's name for the type of a JSON value."""
    return next((name for kind, name in JSON_NAMES if isinstance(value, kind)), "null")
