"""JSON in and out. Money is never a binary fraction: numbers are read as Decimal and written digit for digit."""

import json
from decimal import Decimal
from typing import Any, NoReturn

import orjson
from rest_framework.exceptions import ParseError

DEEPEST = 32
"""How deep lists and objects may be nested in a body."""

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def dumps(value: Any) -> bytes:
    """Return `value` as compact JSON in UTF-8. Decimals become numbers with all their digits; times end in Z."""
    return orjson.dumps(value, default=_other, option=_OPTIONS)


def loads(raw: bytes) -> Any:
    """Return what the JSON text `raw` says; a number with a fraction is a Decimal.

    Raises ParseError for anything that is not strict JSON in UTF-8, and for what is nested deeper than DEEPEST.
    """
    try:
        value = orjson.loads(raw)
        # orjson is strict about the text (surrogates, NaN) but knows only binary fractions; where there is one it is read again.
        return json.loads(raw, parse_float=_exact, parse_constant=_refuse) if _has_fraction(value, 0) else value
    except (ValueError, RecursionError) as error:
        raise ParseError("The body is not valid JSON.") from error


def _has_fraction(value: Any, depth: int) -> bool:
    if depth > DEEPEST:
        raise ParseError(f"The body is nested deeper than {DEEPEST} levels.")
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    found = [_has_fraction(entry, depth + 1) for entry in inner]  # all of them: each may be too deep
    return isinstance(value, float) or True in found


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
