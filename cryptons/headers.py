"""What each answer tells a browser it may do with it: Content-Security-Policy and the headers beside it.

The policies are written as django-csp reads them and put into words by it, once at the start. Its own middleware builds them anew for
each answer, which took 53 µs where a whole plain view takes 270; writing a ready text takes 2.
"""

from collections.abc import Callable, Mapping, Sequence

from csp.constants import NONE, SELF
from csp.utils import build_policy, default_config
from django.http import HttpRequest, HttpResponse

from cryptons.api.middleware import is_api

CSP = "Content-Security-Policy"
Policy = Mapping[str, Sequence[str]]

PAGES: Policy = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "object-src": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
"""All from this server, nothing inline, in nobody's frame. Links that leave (`bitcoin:`, an explorer, the play wallet) are not held."""

ADMIN: Policy = {**PAGES, "img-src": [SELF]}
"""The admin: its scripts and styles are files too, and it draws nothing from within an address."""

DATA: Policy = {"default-src": [NONE], "frame-ancestors": [NONE]}
"""The API: whatever a browser takes its answer for, it runs and loads nothing."""

FILES: Policy = {**DATA, "img-src": [SELF], "sandbox": [""]}
"""A picture somebody uploaded, opened by itself: where it should turn out to be a document, it can do nothing."""

_UNUSED = [
    "accelerometer",
    "autoplay",
    "camera",
    "clipboard-read",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
]
_PERMISSIONS = ", ".join([*(f"{name}=()" for name in _UNUSED), "clipboard-write=(self)"])

_FALLBACK = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def in_words(policy: Policy) -> str:
    """Return the header's value; the same in every process, for caches to compare."""
    return "; ".join(sorted(part.strip() for part in build_policy(config=default_config(dict(policy))).split(";")))


def _page(policy: Policy) -> list[tuple[str, str]]:
    return [
        (CSP, in_words(policy)),
        ("Permissions-Policy", _PERMISSIONS),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]


_FOR_PAGES = _page(PAGES)
_FOR_ADMIN = _page(ADMIN)
_FOR_DATA = [(CSP, in_words(DATA))]
_FOR_FILES = [(CSP, in_words(FILES))]
_FOR_ASSETS: list[tuple[str, str]] = []


class HeadersMiddleware:
    """Write the headers that follow from the address alone.

    Stands before whatever may answer by itself: nothing leaves without. The page cache, which stands before it, keeps them with the page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        response = self.get_response(request)
        headers = response.headers
        for name, value in headers_for(request.path):
            headers[name] = value
        if "X-Frame-Options" not in headers:
            # Django's own middlewares, the last of which writes that one, did not all see this answer: something before them made it.
            for name, value in _FALLBACK.items():
                headers.setdefault(name, value)
        return response


def headers_for(path: str) -> list[tuple[str, str]]:
    """Return the headers of what stands at `path`."""
    if is_api(path):
        return _FOR_PAGES if path == "/api/docs" or path.startswith("/api/docs/") else _FOR_DATA
    if path.startswith("/admin"):
        return _FOR_ADMIN
    if path.startswith("/static/"):
        return _FOR_ASSETS
    return _FOR_FILES if path.startswith("/media/") else _FOR_PAGES
