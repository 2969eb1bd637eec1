"""The way around all other middleware: what they and the views made for strangers is kept on its way out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from cryptons.freshness import Seen
from cryptons.pagecache.answering import ASKED, ITS_OWN, key_of, quick_answer
from cryptons.pagecache.shelves import Answer, etag_of_bytes, seen_of, shelf


class PageCacheMiddleware:
    """Answers as `quick_answer` does where the server did not ask it, and keeps what is made. Stands before all other middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        found = None if ASKED in request.META else quick_answer(request.META, str(request.scheme))
        if found is not None:
            return HttpResponse(found.body, status=found.status, headers=dict(found.headers))
        response = self.get_response(request)
        seen = seen_of(response)
        if seen is not None and request.method == "GET" and response.status_code == 200 and not response.cookies:
            _keep(request, response, seen)
        return response


def _keep(request: HttpRequest, response: HttpResponse, seen: Seen) -> None:
    # The key of what the view has left of the query (`frames.impersonal`).
    key = key_of(request.META, str(request.scheme))
    if key is None:
        return
    if not response.has_header("ETag"):
        response["ETag"] = etag_of_bytes(response.content)
    headers = tuple((name, value) for name, value in response.items() if not name.lower().startswith(ITS_OWN))
    shelf().put(key, Answer((response.content,), headers, response["ETag"]), seen, len(response.content))
