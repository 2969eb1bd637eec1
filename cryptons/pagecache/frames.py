"""Pages that are the same for everybody but for a few small parts: kept with holes, which are filled for each person."""

import re
from collections.abc import Callable
from functools import cache, lru_cache, wraps
from hashlib import sha256
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.utils.cache import patch_cache_control

from cryptons import clock, freshness
from cryptons.freshness import Seen, State
from cryptons.pagecache.addresses import leave_of_query
from cryptons.pagecache.shelves import LONGEST_ADDRESS, Answer, mark_as_kept, shelf

_P = ParamSpec("_P")
_View = Callable[Concatenate[HttpRequest, _P], HttpResponse]
_HOLES = "leaves_holes"


def impersonal(*parameters: str) -> Callable[[_View[_P]], _View[_P]]:
    """Mark a view whose answer depends on nothing but the address, apart from what its template draws by `{% personal %}`.

    `parameters` are all that it reads of the query, in the order in which its own links write them. Any other is taken off the
    request, so that nobody can put something of theirs onto a page that is kept, or have it kept a thousand times.
    """

    def decorate(view: _View[_P]) -> _View[_P]:
        @wraps(view)
        def marked(request: HttpRequest, /, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponse:
            leave_of_query(request, parameters)
            now = freshness.state()
            if not settings.PAGE_CACHE_SECONDS or not now or "HTTP_HX_REQUEST" in request.META:
                return _not_to_be_believed(view(request, *args, **kwargs))
            return _answered(request, now, lambda: _not_to_be_believed(view(request, *args, **kwargs)))

        return marked

    return decorate


def framed(request: HttpRequest, template_name: str, shown: dict[str, Any]) -> HttpResponse:
    """Return the page `template_name` for one person: its `{% personal %}` parts, and nothing else, are given by name what is `shown`.

    What stands around them depends on nothing, not even the address, and is kept. The page itself is not.
    """
    now = freshness.state()
    if not settings.PAGE_CACHE_SECONDS or not now:
        return render(request, template_name, shown)
    key = f"frame:{template_name}"
    entry = shelf().get(key, now, clock.now().timestamp())
    if entry is not None:
        return HttpResponse(_whole(entry.thing, request, shown))
    with freshness.making(now) as made:
        page = _with_holes(request, lambda: render(request, template_name))
    frame = Answer(_parts(page.content), ())
    shelf().put(key, frame, made.seen(settings.PAGE_CACHE_SECONDS), frame.length)
    return HttpResponse(_whole(frame, request, shown))


def hole(request: HttpRequest | None, template_name: str) -> str:
    """Return what to write instead of a personal part while a page is rendered to be kept, else nothing."""
    return f"<!--{_secret()}:{template_name}-->" if getattr(request, _HOLES, False) else ""


def _answered(request: HttpRequest, now: State, render: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the page with its holes filled, rendered anew where none is kept that is still good."""
    key = f"frame:{request.get_full_path()}"
    entry = shelf().get(key, now, clock.now().timestamp())
    if entry is not None:
        return _filled(entry.thing, entry.seen, request)
    with freshness.making(now) as made:
        response = _with_holes(request, render)
    seen = made.seen(settings.PAGE_CACHE_SECONDS)
    frame = Answer(_parts(response.content), tuple(response.items()))
    if response.status_code != 200 or response.cookies:
        response.content = _whole(frame, request)
        return response
    if len(key) <= LONGEST_ADDRESS:
        shelf().put(key, frame, seen, frame.length)
    return _filled(frame, seen, request)


def _not_to_be_believed(response: HttpResponse) -> HttpResponse:
    """Have browsers ask each time whether the page is still good: an answer to that is cheap."""
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _with_holes(request: HttpRequest, render: Callable[[], HttpResponse]) -> HttpResponse:
    setattr(request, _HOLES, True)
    try:
        return render()
    finally:
        # An error page that is rendered for the same request later is not filled by anybody.
        setattr(request, _HOLES, False)


def _filled(frame: Answer, seen: Seen, request: HttpRequest) -> HttpResponse:
    response = HttpResponse(_whole(frame, request), headers=dict(frame.headers))
    mark_as_kept(response, seen)
    return response


def _whole(frame: Answer, request: HttpRequest, shown: dict[str, Any] | None = None) -> bytes:
    """Return the page with its holes filled for this person."""
    parts = list(frame.parts)
    names = frame.parts[1::2]
    if names:
        parts[1::2] = _filler(names)(shown, request).encode().split(_seam())
    return b"".join(parts)


@lru_cache(maxsize=100)
def _filler(names: tuple[bytes, ...]) -> Callable[[dict[str, Any] | None, HttpRequest], str]:
    """Return what draws these templates as one, so that what they need of the request is looked up once."""
    together = _seam().decode().join(f'{{% include "{name.decode()}" %}}' for name in names)
    return engines["django"].from_string(together).render


def _parts(frame: bytes) -> tuple[bytes, ...]:
    return tuple(re.split(rf"<!--{_secret()}:([\w./]+)-->".encode(), frame))


@cache
def _seam() -> bytes:
    """Return what parts two fillings."""
    return f"<!--{_secret()}-->".encode()


@cache
def _secret() -> str:
    """Return what marks a hole: nobody who writes a text on a page can guess it."""
    return sha256(f"hole:{settings.SECRET_KEY}".encode()).hexdigest()[:16]
