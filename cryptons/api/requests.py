"""What a request says, checked."""

from typing import Any, cast

from django.http import HttpRequest
from rest_framework.request import Request

from cryptons.api.fields import Shape


def plain(request: Request) -> HttpRequest:
    """Return Django's request inside of DRF's."""
    return request._request  # noqa: SLF001 (DRF has no other name for it)


def body(request: Request, shape: type[Shape], *, partial: bool = False) -> dict[str, Any]:
    """Return what the body says by the names of `shape`. Raises ValidationError with every wrong field."""
    return _checked(shape(data=request.data, partial=partial))


def query(request: Request, shape: type[Shape]) -> dict[str, Any]:
    """Return what stands after the question mark, the last of each name. Raises ValidationError with every wrong name."""
    return _checked(shape(data=request.query_params.dict()))


def _checked(shape: Shape) -> dict[str, Any]:
    shape.is_valid(raise_exception=True)
    return cast("dict[str, Any]", shape.validated_data)
