"""Public answers that a cache may keep, and 304 from a version: whoever has the current one costs no rendering."""

import hashlib
from collections.abc import Callable

from django.http import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from rest_framework.request import Request

from cryptons.api.requests import plain


def etag_of(*parts: object) -> str:
    """Return the ETag (RFC 9110, 8.8.3) of what is decided by `parts`: keys, versions, times of change."""
    spelled = "\n".join(str(part) for part in parts)
    return f'"{hashlib.sha256(spelled.encode("utf-8", "replace")).hexdigest()[:32]}"'


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
