"""The short way: a stranger's plain look at a page or at the API is answered from what is kept, before Django has seen the request.

It takes the request as WSGI names it and gives status, headers and bytes, so that any front may ask it first (`quick_answer`). Whoever
is not plainly a stranger (a session, a token, an origin, a part of a page) goes the long way, through all of the middleware.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from cryptons import clock, freshness
from cryptons.api import limits
from cryptons.middleware import request_id
from cryptons.pagecache.shelves import LONGEST_ADDRESS, Answer, Quick, shelf
from cryptons.pagecache.together import Together

_LOOKS = frozenset({"GET", "HEAD"})
_PERSONAL = (
    "HTTP_AUTHORIZATION",
    "HTTP_ORIGIN",
    "HTTP_HX_REQUEST",
    "HTTP_RANGE",
    "CONTENT_LENGTH",
    "HTTP_TRANSFER_ENCODING",
)
"""Whoever sends one of these asks for more than the address says."""
ITS_OWN = ("x-request-id", "ratelimit-")
"""Headers (beginnings of their names) that every answer gets of its own."""
_ABOUT_THE_BODY = ("content-length", "content-type")
ASKED = "cryptons.asked_quick"
"""Set on a request that was asked for here, so that it is not asked for, and counted, again."""


def quick_answer(meta: dict[str, Any], scheme: str) -> Quick | None:
    """Return the kept answer to a request, None where it has to go the long way. Costs no query.

    `meta` has the request's names and headers as in WSGI (PEP 3333), `scheme` is http or https as the visitor used it.
    """
    key = key_of(meta, scheme)
    if key is None:
        return None
    entry = shelf().get(key, freshness.state(), clock.now().timestamp())
    if entry is None:
        return None
    window = _window(meta)
    return _reply(entry.thing, meta, _noted(meta, window, window.count()) if window else _counted(meta))


async def quick_answer_soon(meta: dict[str, Any], scheme: str, together: Together) -> Quick | None:
    """Return the same from a loop, which goes on meanwhile: what has to be asked of Redis is asked for many at once."""
    key = key_of(meta, scheme)
    if key is None or not shelf().has(key):
        return None
    window = _window(meta)
    found = await together.find(window)
    count = _noted(meta, window, found.count) if window and found.count else _counted(meta)
    entry = shelf().get(key, found.state, clock.now().timestamp())
    if entry is None or (window and not count):
        return None
    return _reply(entry.thing, meta, count)


def scheme_of(meta: Mapping[str, Any]) -> str:
    """Return whether the visitor used http or https, by the rule of SECURE_PROXY_SSL_HEADER."""
    if settings.SECURE_PROXY_SSL_HEADER:
        name, secure = settings.SECURE_PROXY_SSL_HEADER
        told = meta.get(name)
        if told is not None:
            return "https" if told.split(",", 1)[0].strip() == secure else "http"
    return str(meta["wsgi.url_scheme"])


def key_of(meta: Mapping[str, Any], scheme: str) -> str | None:
    """Return under which key the answer to a request is kept, None where it is not a stranger's plain look."""
    if not settings.PAGE_CACHE_SECONDS or meta["REQUEST_METHOD"] not in _LOOKS or meta.get("SCRIPT_NAME"):
        return None
    if any(meta.get(name) for name in _PERSONAL) or settings.SESSION_COOKIE_NAME in meta.get("HTTP_COOKIE", ""):
        return None
    path = meta["PATH_INFO"]
    if path.startswith("/api/") and not _takes_json(meta.get("HTTP_ACCEPT", "")):
        return None
    query = meta.get("QUERY_STRING", "")
    if "&" in query:
        query = "&".join(sorted(query.split("&")))  # kept is each name once, so that their order says nothing
    # The host as it was sent: an answer is only kept after the host was found allowed.
    key = f"{scheme}://{meta.get('HTTP_HOST', '')}{path}?{query}"
    return key if len(key) <= LONGEST_ADDRESS else None


def _takes_json(accept: str) -> bool:
    return not accept or (("*/*" in accept or "application/json" in accept) and "q=0" not in accept)


def _window(meta: Mapping[str, Any]) -> limits.Window | None:
    """Return the window that the request has yet to be counted in, if any."""
    if limits.COUNTED in meta or not meta["PATH_INFO"].startswith("/api/"):
        return None
    return limits.for_strangers(meta)


def _counted(meta: Mapping[str, Any]) -> limits.State | None:
    """Return where the count stood when the request was counted; it may be looked for again after a wait."""
    counted: tuple[limits.Window, limits.State] | None = meta.get(limits.COUNTED)
    return counted[1] if counted else None


def _noted(meta: dict[str, Any], window: limits.Window, count: limits.State) -> limits.State:
    """Note on the request that it was counted: where it has to go the long way after all, it is not counted again."""
    meta[limits.COUNTED] = window, count
    return count


def _reply(kept: Answer, meta: Mapping[str, Any], count: limits.State | None) -> Quick | None:
    """Return what is kept with the headers that this answer has of its own; None where its sender has asked too often."""
    if count and count.is_over:
        return None
    more = [
        ("X-Request-ID", request_id(meta.get("HTTP_X_REQUEST_ID", ""))),
        *(limits.headers_of(count) if count else ()),
    ]
    if _has(kept.etag, meta.get("HTTP_IF_NONE_MATCH", "")):
        headers = [header for header in kept.headers if header[0].lower() not in _ABOUT_THE_BODY]
        return Quick(304, headers + more, b"")
    return Quick(200, [*kept.headers, *more], b"" if meta["REQUEST_METHOD"] == "HEAD" else kept.body)


def _has(etag: str, sent: str) -> bool:
    """Return whether the sender of If-None-Match has this already (RFC 9110, 13.1.2: weakly compared)."""
    if not sent:
        return False
    bare = etag.removeprefix("W/")
    return sent.strip() == "*" or any(one.strip().removeprefix("W/") == bare for one in sent.split(","))
