"""What the OpenAPI description says of a method beyond what its view shows: one decorator, read by `cryptons.api.schema`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cryptons.api.fields import Shape

_F = TypeVar("_F", bound=Callable[..., Any])
_MARK = "described"


@dataclass(frozen=True, slots=True)
class Description:
    """What a method takes and answers, as `described` has it."""

    takes: type[Shape] | None = None
    gives: type[Shape] | None = None
    query: type[Shape] | None = None
    status: int = 200
    also: int | None = None
    many: bool = False
    paged: bool = False
    meta: type[Shape] | None = None
    idempotent: bool = False
    conditional: bool = False
    errors: Sequence[int | str] = ()
    headers: Sequence[str] = ()
    example: Mapping[str, Any] | None = field(default=None, hash=False)
    streams: str | None = None


def described(
    *,
    takes: type[Shape] | None = None,
    gives: type[Shape] | None = None,
    query: type[Shape] | None = None,
    status: int = 200,
    also: int | None = None,
    many: bool = False,
    paged: bool = False,
    meta: type[Shape] | None = None,
    idempotent: bool = False,
    conditional: bool = False,
    errors: Sequence[int | str] = (),
    headers: Sequence[str] = (),
    example: Mapping[str, Any] | None = None,
    streams: str | None = None,
) -> Callable[[_F], _F]:
    """Describe a view's method: the body it `takes`, what `data` it `gives` (None: null), its success `status` (`also` a second one).

    `query` has the names after the question mark; `example` is a body to try (an example of the answer stands at its shape). `many` is a
    list, `paged` one in pages, whose `meta` is a shape that inherits from `cryptons.api.paging.PageMetaShape` where it has more than
    the page. `headers` names those of the request in `cryptons.api.schema_parts.SENT`. `streams` is an example of an answer that is
    no JSON but server-sent events.

    Refusals that follow from the view itself (400, 401, 403, 404, 406, 413, 415, 429, 500, 503, an Idempotency-Key's) need no mention.
    `errors` adds others by code, such as "OUT_OF_STOCK", or by status for the usual code of that status.
    """
    told = Description(
        takes, gives, query, status, also, many, paged, meta, idempotent, conditional,
        tuple(errors), tuple(headers), example, streams,
    )  # fmt: skip

    def mark(method: _F) -> _F:
        setattr(method, _MARK, told)
        return method

    return mark


def description_of(method: object) -> Description | None:
    """Return what `described` said of a method, None where it said nothing."""
    found = getattr(method, _MARK, None)
    return found if isinstance(found, Description) else None
