"""Pages that look the same to everybody who is nobody in particular, kept as bytes for some seconds.

A visitor without a session has no cart, no name and no messages, so a page marked `for_strangers` is rendered once in
`PAGE_CACHE_SECONDS` for all of them. That is how long such a page may show an old price or stock; the cart and the checkout, which
belong to somebody, are never kept and always ask the database.
"""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse

_P = ParamSpec("_P")
_View = Callable[Concatenate[HttpRequest, _P], HttpResponse]
_MARK = "is_same_for_strangers"


def for_strangers(view: _View[_P]) -> _View[_P]:
    """Mark a view whose answer depends on nothing but the address and the person's session."""

    @wraps(view)
    def marked(request: HttpRequest, /, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        setattr(response, _MARK, True)
        return response

    return marked


class PageCacheMiddleware:
    """Answer strangers with what was kept; keep what may be. Stands before everything that takes time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        if not settings.PAGE_CACHE_SECONDS or not _is_stranger(request):
            return self.get_response(request)
        # A cache of its own: whoever asks for many addresses pushes out pages, not what others keep (the brake on guessing).
        cache, key = caches["pages"], _key(request)
        kept: tuple[bytes, dict[str, str]] | None = cache.get(key)
        if kept is not None:
            return HttpResponse(kept[0], headers=kept[1])
        response = self.get_response(request)
        if _may_be_kept(response):
            cache.set(key, (response.content, dict(response.items())), settings.PAGE_CACHE_SECONDS)
        return response


def _is_stranger(request: HttpRequest) -> bool:
    """Return whether this is a plain look at a page by somebody without a session; a part of a page for htmx is none."""
    personal = settings.SESSION_COOKIE_NAME in request.COOKIES or "HTTP_AUTHORIZATION" in request.META
    return request.method == "GET" and not personal and "HTTP_HX_REQUEST" not in request.META


def _key(request: HttpRequest) -> str:
    # The host as it was sent: an answer is only kept after the host was found allowed.
    host = request.META.get("HTTP_HOST", "")
    return sha256(f"{request.scheme}:{host}:{request.get_full_path()}".encode()).hexdigest()


def _may_be_kept(response: HttpResponse) -> bool:
    """Return whether the view marked it, it is a page, and it hands nobody a cookie (a session, a form's token)."""
    return getattr(response, _MARK, False) and response.status_code == 200 and not response.cookies
