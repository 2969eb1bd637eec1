"""What happens around every request."""

import re
from collections.abc import Callable
from typing import Any

import structlog
from django.core.signals import request_finished
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from cryptons.db import uuid7_hex
from cryptons.serving import UNREAD

_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,128}")


@receiver(request_finished)
def forget_request(**kwargs: Any) -> None:
    """Let the next log line of this thread belong to no request."""
    structlog.contextvars.unbind_contextvars("request_id")


def request_id(sent: str) -> str:
    """Return the id of a request: the one its sender gave it where that is sane, else a new one."""
    return sent if _SANE_ID.fullmatch(sent) else uuid7_hex()


class RequestIdMiddleware:
    """Give each request an id: the sender's `X-Request-ID` where it is sane, else a new one; answer with it and log it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        named = request_id(request.META.get("HTTP_X_REQUEST_ID", ""))
        # Until the request is finished: Django writes its own line about it only after every middleware.
        structlog.contextvars.bind_contextvars(request_id=named)
        response = self.get_response(request)
        response["X-Request-ID"] = named
        return response


class UnreadMiddleware:
    """Refuse a request whose body was not read, too large or too slow as it was, before anything asks for that body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        if UNREAD not in request.META:
            return self.get_response(request)
        status, text = request.META[UNREAD]
        return HttpResponse(text, status=status, content_type="text/plain")
