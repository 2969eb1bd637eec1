"""What the OpenAPI description says of a method beyond what its view shows: one decorator, read by `cryptons.api.schema`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cryptons.api.fields import Shape

_F = TypeVar("_F", bound=Callable[..., Any])
_MARK = "described"


@dataclass(frozen=True, slots=True)
class Description:
    """What a method takes and answers. `many` is a list, `paged` one in pages; `errors` are statuses beyond the usual ones."""

    takes: type[Shape] | None = None
    gives: type[Shape] | None = None
    query: type[Shape] | None = None
    status: int = 200
    also: int | None = None
    many: bool = False
    paged: bool = False
    idempotent: bool = False
    conditional: bool = False
    errors: Sequence[int] = ()
    example: Mapping[str, Any] | None = field(default=None, hash=False)


def described(
    *,
    takes: type[Shape] | None = None,
    gives: type[Shape] | None = None,
    query: type[Shape] | None = None,
    status: int = 200,
    also: int | None = None,
    many: bool = False,
    paged: bool = False,
    idempotent: bool = False,
    conditional: bool = False,
    errors: Sequence[int] = (),
    example: Mapping[str, Any] | None = None,
) -> Callable[[_F], _F]:
    """Describe a view's method: the body it `takes`, what `data` it `gives` (None: null), its success `status` (`also` a second one).

    `query` has the names after the question mark, `example` is a body to try. Statuses that follow from the view itself (400, 401, 403,
    404, 405, 406, 413, 415, 429, 503) need no mention; `errors` adds others, such as 409.
    """
    told = Description(takes, gives, query, status, also, many, paged, idempotent, conditional, tuple(errors), example)

    def mark(method: _F) -> _F:
        setattr(method, _MARK, told)
        return method

    return mark


def description_of(method: object) -> Description | None:
    """Return what `described` said of a method, None where it said nothing."""
    found = getattr(method, _MARK, None)
    return found if isinstance(found, Description) else None
