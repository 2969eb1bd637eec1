"""The envelope: the one shape of every answer under /api."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

from cryptons.api.wire import dumps

JSON = "application/json"

CODES = {
    400: "MALFORMED_REQUEST",
    401: "UNAUTHENTICATED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    406: "NOT_ACCEPTABLE",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    429: "RATE_LIMITED",
    500: "INTERNAL_ERROR",
    503: "SERVICE_UNAVAILABLE",
}
"""Status to the code of an error that says nothing more exact."""

MESSAGES = {
    400: "The request could not be understood.",
    401: "Sign in first: this needs a bearer token.",
    403: "You may not do this.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    406: "The API answers in application/json only.",
    408: "What was sent took too long to arrive. Try again.",
    413: "The request is larger than the store takes.",
    415: "Send the body as application/json.",
    429: "Too many requests. Wait a while and try again.",
    500: "Something went wrong in the store. It was written down; try again later.",
    503: "The store cannot answer this at present. Try again in a moment.",
}
"""Status to what people are told where nothing more exact is known."""


def success(data: Any, meta: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the envelope around `data`; `meta` on lists only."""
    return {"success": True, "data": data, **({"meta": meta} if meta is not None else {})}


def failure(error: Mapping[str, Any]) -> dict[str, Any]:
    """Return the envelope around what `error_body` made."""
    return {"success": False, "error": error}


MOST_DETAILS = 500
"""So many details an error has at most: whoever sends a hundred thousand unknown fields needs no line about each."""


def error_body(code: str, message: str, details: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return what stands under `error`: `details`, the first `MOST_DETAILS`, only where there are any, or where the code promises them."""
    body: dict[str, Any] = {"code": code, "message": message}
    if details or code == "VALIDATION_ERROR":
        body["details"] = list(details[:MOST_DETAILS])
    return body


def plain_error(status: int) -> HttpResponse:
    """Return a whole answer for an HTTP status that something outside of the API's own views made."""
    known = status if status in CODES else 400 if status < 500 else 500
    body = failure(error_body(CODES[known], MESSAGES.get(status, MESSAGES[known])))
    return HttpResponse(dumps(body), status=HTTPStatus(status).value, content_type=JSON)
