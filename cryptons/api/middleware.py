"""What happens around every request under /api, whether a view of the API is reached or not."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from cryptons.api import envelope, limits

_KEPT = ("Allow", "Retry-After", "WWW-Authenticate")


def is_api(path: str) -> bool:
    """Return whether `path` belongs to the API."""
    return path == "/api" or path.startswith("/api/")


class ApiMiddleware:
    """Put errors that never reached a view of the API (a wrong host, a crash, a body too large) into the envelope.

    Stands before everything but the request's id: whatever refuses a request further in is answered in JSON.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        response = self.get_response(request)
        if not is_api(request.path):
            return response
        if response.status_code >= 400 and response.get("Content-Type") != envelope.JSON:
            response = _enveloped(response)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        if not response.has_header(limits.LIMIT):
            limits.write_headers(response, limits.for_strangers(request.META).look())
        return response


def _enveloped(response: HttpResponse) -> HttpResponse:
    answer = envelope.plain_error(response.status_code)
    for name in _KEPT:
        if response.has_header(name):
            answer[name] = response[name]
    return answer
