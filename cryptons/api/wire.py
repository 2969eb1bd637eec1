"""JSON in and out. Money is never a binary fraction: numbers are read as Decimal and written digit for digit."""

import json
from decimal import Decimal
from typing import Any, NoReturn

import orjson
from rest_framework.exceptions import ParseError

DEEPEST = 32
"""How deep lists and objects may be nested in a body."""

Written = orjson.Fragment
"""What `dumps` wrote before, to stand in something else as it is."""

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def dumps(value: Any) -> bytes:
    """Return `value` as compact JSON in UTF-8. Decimals become numbers with all their digits; times end in Z."""
    return orjson.dumps(value, default=_other, option=_OPTIONS)


def loads(raw: bytes) -> Any:
    """Return what the JSON text `raw` says; a number with a fraction is a Decimal.

    Raises ParseError for anything that is not strict JSON in UTF-8, for a key that stands twice in one object (RFC 8259, 4: what
    that means is anybody's guess), and for what is nested deeper than DEEPEST.
    """
    try:
        # orjson is strict about the text (surrogates, NaN) but knows only binary fractions, and of a name given twice the last.
        _look_how_deep(orjson.loads(raw), 0)
        return json.loads(raw, parse_float=_exact, parse_constant=_refuse, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise ParseError("The body is not valid JSON.") from error


def _look_how_deep(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise ParseError(f"The body is nested deeper than {DEEPEST} levels.")
    for entry in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _look_how_deep(entry, depth + 1)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ParseError("The body has the same key twice.")
    return found


def _exact(digits: str) -> Decimal:
    number = Decimal(digits)
    if not -400 < number.adjusted() < 400:
        raise ValueError("no number of anything")
    return number


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _other(value: Any) -> Any:
    if isinstance(value, Decimal) and value.is_finite():
        return orjson.Fragment(format(value, "f").encode())
    if hasattr(value, "__str__") and type(value).__module__.startswith("django.utils.functional"):
        return str(value)  # a text that is translated late
    raise TypeError(f"{type(value).__name__} has no form in JSON")
