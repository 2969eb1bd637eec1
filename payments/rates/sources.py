"""Where the price of a bitcoin comes from."""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import httpx
from django.conf import settings

from cryptons.errors import RateUnavailable

_TIMEOUT = httpx.Timeout(8.0, connect=4.0)
_LARGEST_ANSWER = 100_000


def fixed(currency: str) -> Decimal:
    """Return `RATE_FIXED`, whatever the currency: for the sandbox, and for shops that set their own price."""
    return Decimal(settings.RATE_FIXED)


def kraken(currency: str) -> Decimal:
    """Return the last trade of Kraken's public ticker (`GET /0/public/Ticker?pair=XBT…`, field `c`). Raises RateUnavailable."""
    try:
        with httpx.Client(timeout=_TIMEOUT, follow_redirects=False) as client:
            response = client.get(settings.RATE_URL, params={"pair": f"XBT{currency}"})
            response.raise_for_status()
            answer = _parsed(response.content)
    except (httpx.HTTPError, ValueError) as error:
        raise RateUnavailable(f"Kraken did not tell its price: {error}") from error
    return _last_trade(answer)


def _parsed(body: bytes) -> Any:
    if len(body) > _LARGEST_ANSWER:
        raise ValueError("the answer is far too long")
    return json.loads(body, parse_float=Decimal)


def _last_trade(answer: Any) -> Decimal:
    try:
        if answer["error"]:
            raise RateUnavailable(f"Kraken refused to tell its price: {answer['error']!r:.200}")
        (pair,) = answer["result"].values()
        return Decimal(pair["c"][0])
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, InvalidOperation) as error:
        raise RateUnavailable(f"Kraken's answer is not what its ticker answers: {error!r}") from error


SOURCES: Mapping[str, Callable[[str], Decimal]] = {"fixed": fixed, "kraken": kraken}
"""What `RATE_SOURCE` may name."""
