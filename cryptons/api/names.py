"""Names of fields: snake_case inside, camelCase on the wire, dotted where they are nested (`items.0.quantity`)."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from cryptons.errors import DomainError

BODY = "body"
"""What `field` says of something that is wrong with the whole of what was sent."""

_HUMP = re.compile(r"_+([a-z0-9])")


def camel(name: str) -> str:
    """Return `first_name` as `firstName`, each part of a dotted name by itself."""
    return _HUMP.sub(lambda match: match[1].upper(), name)


def details_of(errors: Any, at: str = "") -> list[dict[str, str]]:
    """Return DRF's tree of errors as a flat list of `{"field": dotted name, "message": …}`."""
    if isinstance(errors, Mapping):
        return [entry for name, inner in errors.items() for entry in details_of(inner, _below(at, str(name)))]
    if isinstance(errors, list) and any(isinstance(inner, (Mapping, list)) for inner in errors):
        numbered = enumerate(errors)
        return [entry for index, inner in numbered for entry in details_of(inner, _below(at, str(index)))]
    messages = errors if isinstance(errors, list) else [errors]
    return [{"field": at or BODY, "message": str(message)} for message in messages]


def _below(at: str, name: str) -> str:
    if name == "non_field_errors":
        return at
    return f"{at}.{name}" if at else name


@contextmanager
def renamed(names: Mapping[str, str] | None = None, *, under: str = "") -> Iterator[None]:
    """Tell a service's refusals in the words of the request: `names` maps its fields to the sent ones, `under` goes before the rest.

    `with renamed({"old_password": "currentPassword"}):` or `with renamed(under="shippingAddress"):`.
    """
    known = names or {}
    try:
        yield
    except DomainError as error:
        error.details = [{**detail, **_field(str(detail.get("field", "")), known, under)} for detail in error.details]
        raise


def _field(name: str, known: Mapping[str, str], under: str) -> dict[str, str]:
    if name in known:
        return {"field": known[name]}
    return {"field": f"{under}.{name}" if under and name else under or name}
