"""Signed messages between machines: an HMAC-SHA256 that whoever knows a secret can make and check.

`X-Webhook-Signature: t=<seconds since 1970>,v1=<hex>[,v1=<hex>…]`, each `v1` over `<t>.<raw body>` with one secret. Several secrets are
good at once, so that one can be replaced without a message being lost.
"""

import hmac
import re
from collections.abc import Iterable, Sequence

HEADER = "X-Webhook-Signature"
TOLERANCE = 300
"""By how many seconds the clocks of sender and receiver may differ."""

_MOMENT = re.compile(r"[0-9]{1,12}")
_MOST_SIGNATURES = 10


def sign(secret: str, message: bytes) -> str:
    """Return the hex HMAC-SHA256 of `message`."""
    return hmac.new(secret.encode(), message, "sha256").hexdigest()


def header_for(body: bytes, *, secrets: Iterable[str], at: int) -> str:
    """Return the header for `body` sent `at` that many seconds since 1970: one signature for each secret."""
    message = _timed(str(at), body)
    return ",".join([f"t={at}", *(f"v1={sign(secret, message)}" for secret in secrets)])


def is_header_good(header: str, body: bytes, *, secrets: Sequence[str], now: float) -> bool:
    """Return whether `header` holds a signature of `body` with one of the secrets, made at most TOLERANCE seconds from `now`."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    moments = [value for name, _, value in parts if name == "t"]
    signatures = [value for name, _, value in parts if name == "v1"]
    if len(moments) != 1 or not _MOMENT.fullmatch(moments[0]) or len(signatures) > _MOST_SIGNATURES:
        return False
    is_timely = abs(now - int(moments[0])) <= TOLERANCE
    return is_signed(signatures, [_timed(moments[0], body)], secrets=secrets) and is_timely


def is_signed(signatures: Iterable[str], messages: Iterable[bytes], *, secrets: Sequence[str]) -> bool:
    """Return whether one of `signatures` is that of one of `messages` with one of the secrets, in a time that tells nothing of them."""
    expected = [sign(secret, message).encode() for message in messages for secret in secrets]
    sent = [signature.lower().encode("utf-8", "replace") for signature in signatures]
    # A list, so that each is compared whatever the ones before it were.
    return any([hmac.compare_digest(one, other) for one in sent for other in expected])  # noqa: C419


def _timed(moment: str, body: bytes) -> bytes:
    return moment.encode() + b"." + body
