"""What a request says, checked."""

from typing import Any

from django.http import HttpRequest
from rest_framework.request import Request

from cryptons.api.fields import Shape, understood


def plain(request: Request) -> HttpRequest:
    """Return Django's request inside of DRF's.

    Its `META` has one header without reading all of them, as its `headers` do.
    """
    return request._request  # noqa: SLF001 (DRF has no other name for it)


def body(request: Request, shape: type[Shape], *, partial: bool = False) -> dict[str, Any]:
    """Return what the body says by the names of `shape`. Raises ValidationError with every wrong field."""
    return understood(shape, request.data, partial=partial)


def query(request: Request, shape: type[Shape]) -> dict[str, Any]:
    """Return what stands after the question mark, the last of each name. Raises ValidationError with every wrong name."""
    return understood(shape, request.query_params.dict())
