"""Forms that need no token: the browser itself says where a request comes from.

A token needs a cookie on the page that holds the form, and product pages should set none. Every current browser sends `Sec-Fetch-Site`
(W3C Fetch Metadata, on HTTPS and localhost) or `Origin` (RFC 6454) with a POST, and no page can forge them.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

_P = ParamSpec("_P")
_View = Callable[Concatenate[HttpRequest, _P], HttpResponse]


def same_origin(view: _View[_P]) -> _View[_P]:
    """Let a POST through when the browser says that it comes from this very site; ask for the usual token otherwise."""
    with_token = csrf_protect(view)

    @wraps(view)
    def checked(request: HttpRequest, /, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponse:
        return (view if is_from_here(request) else with_token)(request, *args, **kwargs)

    return csrf_exempt(checked)


def is_from_here(request: HttpRequest) -> bool:
    """Tell whether the browser vouches for this request coming from a page of this site."""
    site: str | None = request.META.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        return site == "same-origin"
    origin: str = request.META.get("HTTP_ORIGIN", "")
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    parts = urlsplit(origin)
    return (parts.scheme, parts.netloc) == (request.scheme, request.get_host())
