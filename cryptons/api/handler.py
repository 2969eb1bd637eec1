"""Every refusal as the same body: the store's own errors, DRF's and Django's."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, UnreadablePostError
from rest_framework import exceptions
from rest_framework.response import Response

from cryptons.api.envelope import CODES, MESSAGES, error_body
from cryptons.api.names import BODY, camel, details_of
from cryptons.errors import DomainError, RateLimited

log = structlog.get_logger(__name__)

_CHALLENGE = 'Bearer realm="cryptons"'
_SOON = 5


def handle(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return the answer to `error`, None for what nobody foresaw: that is logged with its traceback and becomes a plain 500."""
    if isinstance(error, DomainError):
        return _domain(error)
    if isinstance(error, exceptions.ValidationError):
        return _answer(400, "VALIDATION_ERROR", "Some of what was sent is not valid.", details_of(error.detail))
    if isinstance(error, exceptions.APIException):
        return _rest(error)
    if isinstance(error, OperationalError):
        log.error("api.database_unavailable", exc_info=error)
        return _with(_plain(503), {"Retry-After": str(_SOON)})
    return _django(error)


def _domain(error: DomainError) -> Response:
    details = [_detail(detail) for detail in error.details]
    if error.code == "VALIDATION_ERROR" and not details:
        details = [{"field": BODY, "message": error.message}]
    answer = _answer(error.status, error.code, error.message, details)
    if isinstance(error, RateLimited):
        return _with(answer, {"Retry-After": str(error.wait)})
    return _with(answer, _headers_for(error.status))


def _detail(detail: Mapping[str, object]) -> dict[str, object]:
    told = {camel(str(name)): value for name, value in detail.items()}
    return {**told, "field": camel(str(detail.get("field") or BODY))}


def _rest(error: exceptions.APIException) -> Response:
    status = error.status_code
    if isinstance(error, exceptions.ParseError):
        return _answer(400, "MALFORMED_REQUEST", str(error.detail))
    return _with(_plain(status), _headers_for(status))


def _django(error: Exception) -> Response | None:
    if isinstance(error, Http404):
        return _plain(404)
    if isinstance(error, PermissionDenied):
        return _plain(403)
    if isinstance(error, RequestDataTooBig):
        return _plain(413)
    if isinstance(error, (SuspiciousOperation, UnreadablePostError)):
        return _plain(400)
    return None


def _headers_for(status: int) -> dict[str, str]:
    if status == 401:
        return {"WWW-Authenticate": _CHALLENGE}
    return {"Retry-After": str(_SOON)} if status == 503 else {}


def _plain(status: int) -> Response:
    known = status if status in CODES else 400
    return _answer(status, CODES[known], MESSAGES[known])


def _answer(status: int, code: str, message: str, details: Sequence[Mapping[str, Any]] = ()) -> Response:
    return Response(error_body(code, message, details), status=status)


def _with(answer: Response, headers: Mapping[str, str]) -> Response:
    for name, value in headers.items():
        answer[name] = value
    return answer
