"""The entrance for an HTTP server."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from cryptons.start import settings_or_exit

settings_or_exit()
django.setup(set_prefix=False)

from django.urls import resolve  # noqa: E402 (needs the settings)

from cryptons.pagecache.answering import ASKED, key_of, quick_answer, quick_answer_soon, scheme_of  # noqa: E402 (needs the settings)
from cryptons.pagecache.shelves import Quick, shelf  # noqa: E402
from cryptons.pagecache.together import Together  # noqa: E402

_STATUS = {200: "200 OK", 304: "304 Not Modified"}

_django = WSGIHandler()
resolve("/")  # loads all addresses with their views now, and not while the first visitor waits


def kept(environ: dict[str, Any]) -> Quick | None:
    """Return the kept answer to a request, None where it has to go the long way; nobody asks for that request again."""
    environ[ASKED] = True
    return quick_answer(environ, scheme_of(environ))


async def kept_soon(environ: dict[str, Any]) -> Quick | None:
    """Return the same from an event loop, always the same one, where the marks stand in Redis."""
    environ[ASKED] = True
    return await quick_answer_soon(environ, scheme_of(environ), _together())


def name_of(environ: dict[str, Any]) -> str | None:
    """Return under which name the answer to a request would be kept, None where it is for its sender alone."""
    return key_of(environ, scheme_of(environ))


def was_kept(name: str) -> bool:
    """Return whether an answer of this name is kept, good or not."""
    return shelf().has(name)


@cache
def _together() -> Together:
    return Together(settings.CACHE_URL)


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer one request (PEP 3333). Django is asked only for what is not kept."""
    found = None if ASKED in environ else kept(environ)
    if found is None:
        return _django(environ, start_response)
    start_response(_STATUS[found.status], found.headers)
    return [found.body]
