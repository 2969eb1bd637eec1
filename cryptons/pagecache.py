"""Pages that are the same for everybody but for a few small parts, rendered once in `PAGE_CACHE_SECONDS`.

A visitor without a session has no cart, no name and no messages: the whole page is kept as bytes and `PageCacheMiddleware` answers
with it. For everybody else the page is kept with holes where the template says `{% personal "…" %}`, and only those are rendered.

So a page of the shop may show an old price or stock for that many seconds. The cart and the checkout, which belong to somebody, are
never kept and always ask the database.
"""

import re
from collections.abc import Callable
from functools import cache, wraps
from hashlib import sha256
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

_P = ParamSpec("_P")
_View = Callable[Concatenate[HttpRequest, _P], HttpResponse]
_Kept = tuple[bytes, dict[str, str]]
_MARK = "is_same_for_strangers"
_HOLES = "leaves_holes"


def impersonal(view: _View[_P]) -> _View[_P]:
    """Mark a view whose answer depends on nothing but the address, apart from what its template draws by `{% personal %}`."""

    @wraps(view)
    def marked(request: HttpRequest, /, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponse:
        if not settings.PAGE_CACHE_SECONDS or not _is_plain(request):
            return view(request, *args, **kwargs)
        if _is_stranger(request):
            response = view(request, *args, **kwargs)
            setattr(response, _MARK, True)
            return response
        pages, key = caches["pages"], _key("frame", request)
        kept: _Kept | None = pages.get(key)
        if kept is None:
            response = _with_holes(request, lambda: view(request, *args, **kwargs))
            kept = response.content, dict(response.items())
            if response.status_code != 200 or response.cookies:
                return response
            pages.set(key, kept, settings.PAGE_CACHE_SECONDS)
        return HttpResponse(_filled(kept[0], request), headers=kept[1])

    return marked


class PageCacheMiddleware:
    """Answer strangers with what was kept; keep what may be. Stands before everything that takes time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        if not settings.PAGE_CACHE_SECONDS or not _is_plain(request) or not _is_stranger(request):
            return self.get_response(request)
        pages, key = caches["pages"], _key("page", request)
        kept: _Kept | None = pages.get(key)
        if kept is not None:
            return HttpResponse(kept[0], headers=kept[1])
        response = self.get_response(request)
        # Kept is a page that the view marked and that hands nobody a cookie (a session, a form's token).
        if getattr(response, _MARK, False) and response.status_code == 200 and not response.cookies:
            pages.set(key, (response.content, dict(response.items())), settings.PAGE_CACHE_SECONDS)
        return response


def hole(request: HttpRequest | None, template_name: str) -> str:
    """Return what to write instead of a personal part while a page is rendered to be kept, else nothing."""
    return f"<!--{_secret()}:{template_name}-->" if getattr(request, _HOLES, False) else ""


def _with_holes(request: HttpRequest, render: Callable[[], HttpResponse]) -> HttpResponse:
    setattr(request, _HOLES, True)
    try:
        return render()
    finally:
        # An error page that is rendered for the same request later is not filled by anybody.
        setattr(request, _HOLES, False)


def _filled(frame: bytes, request: HttpRequest) -> bytes:
    """Return the page with its holes filled for this person."""
    parts = re.split(rf"<!--{_secret()}:([\w./]+)-->".encode(), frame)
    for place in range(1, len(parts), 2):
        parts[place] = render_to_string(parts[place].decode(), request=request).encode()
    return b"".join(parts)


def _is_plain(request: HttpRequest) -> bool:
    """Return whether this is a look at a whole page; a part of one for htmx is none."""
    return request.method == "GET" and "HTTP_HX_REQUEST" not in request.META


def _is_stranger(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and "HTTP_AUTHORIZATION" not in request.META


def _key(kind: str, request: HttpRequest) -> str:
    # The host as it was sent: an answer is only kept after the host was found allowed.
    address = f"{request.scheme}:{request.META.get('HTTP_HOST', '')}:{request.get_full_path()}"
    return f"{kind}:{sha256(address.encode()).hexdigest()}"


@cache
def _secret() -> str:
    """Return what marks a hole: nobody who writes a text on a page can guess it, and all processes have the same."""
    return sha256(f"hole:{settings.SECRET_KEY}".encode()).hexdigest()[:16]
