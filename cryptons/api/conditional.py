"""Public answers: kept as bytes while nothing that they show has changed, and 304 for whoever has them already."""

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from rest_framework.request import Request
from rest_framework.response import Response

from cryptons import clock, freshness
from cryptons.api.envelope import JSON
from cryptons.api.fields import Shape, names_of
from cryptons.api.rendering import EnvelopeRenderer
from cryptons.api.requests import plain
from cryptons.freshness import Seen, State
from cryptons.pagecache.addresses import leave_of_query
from cryptons.pagecache.shelves import LONGEST_ADDRESS, Answer, etag_of_bytes, mark_as_kept, shelf


def etag_of(*parts: object) -> str:
    """Return the ETag (RFC 9110, 8.8.3) of what is decided by `parts`: keys, versions, times of change."""
    spelled = "\n".join(str(part) for part in parts)
    return f'"{hashlib.sha256(spelled.encode("utf-8", "replace")).hexdigest()[:32]}"'


def kept(
    request: Request,
    version: State,
    render: Callable[[], Response],
    *,
    reads: type[Shape] | None = None,
    etag: str = "",
) -> HttpResponseBase:
    """Return what `render` makes, or 304 for whoever has it; made once while nothing that it shows has changed.

    `version` is how everything stood before anything of it was read (`cryptons.freshness.state`). `render` depends on nothing but the
    path and what it `reads` of the query. Whoever keeps the answer has to ask each time whether it is still good. `etag` takes the place
    of the one of the very bytes.
    """
    leave_of_query(plain(request), names_of(reads) if reads is not None else ())
    key = f"api:{plain(request).get_full_path()}"
    entry = shelf().get(key, version, clock.now().timestamp()) if settings.PAGE_CACHE_SECONDS else None
    if entry is not None:
        return _told(request, entry.thing, entry.seen)
    with freshness.making(version) as made:
        response = render()
    body = EnvelopeRenderer().render(response.data, renderer_context={"response": response})
    answer = Answer((body,), (), etag or etag_of_bytes(body))
    seen = made.seen(settings.PAGE_CACHE_SECONDS)
    if settings.PAGE_CACHE_SECONDS and version and len(key) <= LONGEST_ADDRESS:
        shelf().put(key, answer, seen, len(body))
    return _told(request, answer, seen)


def public(
    request: Request, *, etag: str, render: Callable[[], HttpResponseBase], max_age: int = 0
) -> HttpResponseBase:
    """Return 304 where the sender has `etag`, else what `render` makes; either may be kept by caches for `max_age` seconds."""
    response: HttpResponseBase = get_conditional_response(plain(request), etag=etag, response=None) or render()
    if response.status_code == 412:
        response = render()  # a GET has nothing to protect from being lost
    response.headers["ETag"] = etag
    patch_cache_control(response, public=True, max_age=max_age)
    return response


def _told(request: Request, answer: Answer, seen: Seen) -> HttpResponseBase:
    def whole() -> HttpResponse:
        response = HttpResponse(answer.body, content_type=JSON)
        mark_as_kept(response, seen)
        return response

    return public(request, etag=answer.etag, render=whole)
