"""Every refusal that the API knows, by its code: its status, what it means, and an answer to look at."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cryptons.api import envelope
from cryptons.api.errors import IdempotencyKeyReused, RequestInProgress
from cryptons.errors import DomainError

_RAISED = [RequestInProgress, IdempotencyKeyReused]
"""Named so that they are known here; the walk below finds these and those of `cryptons.errors`."""

_ID = "0199d3f0-5c1e-7c3a-9b1e-0f2a4f6d8e10"

EXAMPLES: Mapping[str, tuple[str, list[dict[str, Any]]]] = {
    "VALIDATION_ERROR": (
        "Some of what was sent is not valid.",
        [{"field": "items.0.quantity", "message": "Ensure this value is greater than or equal to 1."}],
    ),
    "MALFORMED_REQUEST": ("The body is not valid JSON.", []),
    "UNAUTHENTICATED": ("Sign in first: this needs a bearer token.", []),
    "INVALID_CREDENTIALS": ("The e-mail address or the password is wrong.", []),
    "TOKEN_EXPIRED": ("This token is good no more. Get a new one.", []),
    "TOKEN_REVOKED": ("The session of this token was ended. Sign in again.", []),
    "INVALID_SIGNATURE": ("The signature is not that of somebody who may send this.", []),
    "OUT_OF_STOCK": (
        "Not everything is in stock.",
        [{"field": "items.0.quantity", "message": "Only 3 are left.", "product": _ID, "left": 3}],
    ),
    "INVALID_TRANSITION": ("The order cannot do that as it stands now.", []),
    "ALREADY_EXISTS": (
        "There is one already.",
        [{"field": "email", "message": "An account with this e-mail address is there already."}],
    ),
    "REQUEST_IN_PROGRESS": ("A request with this Idempotency-Key is being worked on. Ask again in a moment.", []),
    "IDEMPOTENCY_KEY_REUSED": ("This Idempotency-Key came with another request before. Use a new key.", []),
    "PAYMENT_METHOD_UNAVAILABLE": (
        "The order is placed, but it cannot be paid yet: the node did not answer.",
        [{"field": "body", "message": "It can be paid in a while.", "orderId": _ID, "orderNumber": "CR-7K2M-9QXD"}],
    ),
    "RATE_UNAVAILABLE": ("No fresh price of the coin is known. Try again in a moment.", []),
}
"""Code to a message and the details that may come with it. Codes that are not named say what `envelope.MESSAGES` does."""


def _kinds(base: type[DomainError]) -> Iterator[type[DomainError]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds(kind)


STATUS: Mapping[str, int] = {
    **{code: status for status, code in envelope.CODES.items()},
    **{kind.code: kind.status for kind in _kinds(DomainError)},
}
"""Code to HTTP status."""

_USUAL = {409: ["ALREADY_EXISTS", "INVALID_TRANSITION", "OUT_OF_STOCK"], 422: ["IDEMPOTENCY_KEY_REUSED"]}


def codes_of(named: Iterable[int | str]) -> set[str]:
    """Return the codes that are meant by codes and statuses. Raises KeyError for what the API does not know."""
    found: set[str] = set()
    for one in named:
        if isinstance(one, str):
            found |= {one} if STATUS[one] else set()
        else:
            found |= set(_USUAL.get(one) or [envelope.CODES[one]])
    return found


def by_status(codes: Iterable[str]) -> dict[int, list[str]]:
    """Return the codes under their statuses, both in order."""
    found: dict[int, list[str]] = {}
    for code in sorted(codes, key=lambda name: (STATUS[name], name)):
        found.setdefault(STATUS[code], []).append(code)
    return found


def meaning(code: str) -> str:
    """Return what a code says, in a sentence: the first of what its error says of itself."""
    told = {kind.code: kind.__doc__ or "" for kind in _kinds(DomainError)}.get(code, "")
    return told or envelope.MESSAGES[STATUS[code]]


def example(code: str) -> dict[str, Any]:
    """Return a whole answer with this code."""
    message, details = EXAMPLES.get(code) or (envelope.MESSAGES[STATUS[code]], [])
    return envelope.failure(envelope.error_body(code, message, details))
