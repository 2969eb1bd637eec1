"""What all operations of the description share: headers, parameters, and how a refusal looks."""

from collections.abc import Iterable, Mapping
from typing import Any

from cryptons.api import refusals

HEADERS: Mapping[str, tuple[str, str, Any, bool]] = {
    "X-Request-ID": ("string", "The id of this request in the store's log.", "0199d3f05c1e7c3a9b1e0f2a4f6d8e10", True),
    "RateLimit-Limit": ("integer", "How many requests a window allows.", 100, True),
    "RateLimit-Remaining": ("integer", "How many are left in it.", 99, True),
    "RateLimit-Reset": ("integer", "In how many seconds a new one may open.", 900, True),
    "Cache-Control": ("string", "Who may keep the answer, and for how many seconds.", "private, no-store", True),
    "ETag": ("string", "The version of what was answered; send it back as If-None-Match.", '"6f1c4a0b"', True),
    "Idempotent-Replayed": ("string", "`true` where this is the stored answer to an earlier request.", "true", False),
    "Retry-After": ("integer", "In how many seconds to try again.", 5, True),
    "WWW-Authenticate": ("string", "How to sign in.", 'Bearer realm="cryptons"', True),
}
"""Headers of answers: type, meaning, example, and whether an answer that may have it always has it."""

SENT: Mapping[str, tuple[dict[str, Any], str]] = {
    "X-Request-ID": (
        {"type": "string"},
        "An id of your own for this request: 8 to 128 of `A-Za-z0-9._-`. Any other value is passed over and a new one made.",
    ),
    "Idempotency-Key": (
        {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"},
        "1 to 255 printable characters. The same key and body get the same answer for 24 hours.",
    ),
    "If-None-Match": ({"type": "string"}, "An ETag that was answered before; 304 where it still holds."),
    "Last-Event-ID": ({"type": "string"}, "The id of the last event that came; those after it follow."),
}
"""Headers of requests: schema and meaning."""

EVENT: dict[str, Any] = {
    "type": "object",
    "description": "One event of the stream (HTML Living Standard, 9.2). A line that begins with a colon is none: it keeps the line open.",
    "properties": {
        "id": {"type": "string", "description": "It grows; send it back as Last-Event-ID."},
        "event": {"type": "string"},
        "data": {"type": "string", "description": "An object as JSON, as in the example."},
    },
    "required": ["id", "event", "data"],
}
"""An event of a stream, as the example spells it."""

ALWAYS = ("X-Request-ID", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Cache-Control")
_OF_STATUS = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}


def header_refs(*more: str) -> dict[str, Any]:
    """Return the headers that every answer carries, and `more`."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*ALWAYS, *more)}


def sent_refs(names: Iterable[str]) -> list[dict[str, Any]]:
    """Return the parameters that these headers of a request are."""
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def refusal_name(codes: Iterable[str]) -> str:
    """Return what the answer with one of `codes` is called: `InvalidTransitionOrOutOfStock`."""
    return "Or".join(code.title().replace("_", "") for code in codes)


def refusal(status: int, codes: list[str]) -> dict[str, Any]:
    """Return the answer to a request that is refused with one of `codes`, each with an example."""
    narrowed = {"properties": {"error": {"properties": {"code": {"type": "string", "enum": codes}}}}}
    return {
        "description": "\n".join(f"`{code}`: {refusals.meaning(code)}" for code in codes),
        "headers": header_refs(*_OF_STATUS.get(status, ())),
        "content": {
            "application/json": {
                "schema": {"allOf": [{"$ref": "#/components/schemas/ErrorAnswer"}, narrowed]},
                "examples": {code: {"value": refusals.example(code)} for code in codes},
            }
        },
    }


def finish(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Add the headers and parameters that operations point at (a postprocessing hook of drf-spectacular)."""
    parts = result["components"]
    if "NothingAnswer" in parts["schemas"]:
        parts["schemas"]["NothingAnswer"]["properties"]["data"] = {"nullable": True, "enum": [None]}
    for name, schema in parts["schemas"].items():
        if "success" in schema.get("properties", {}):
            schema["properties"]["success"]["enum"] = [name != "ErrorAnswer"]
    parts["headers"] = {
        name: {"description": meaning, "required": always, "schema": {"type": kind, "example": example}}
        for name, (kind, meaning, example, always) in HEADERS.items()
    }
    parts["parameters"] = {
        name: {"in": "header", "name": name, "description": meaning, "required": False, "schema": dict(schema)}
        for name, (schema, meaning) in SENT.items()
    }
    return result
