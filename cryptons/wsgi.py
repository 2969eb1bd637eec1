"""The entrance for an HTTP server."""

from collections.abc import Iterable
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler

from cryptons.start import settings_or_exit

settings_or_exit()
django.setup(set_prefix=False)

from cryptons.pagecache.quick import Quick, asked, scheme_of  # noqa: E402 (needs the settings)

_STATUS = {200: "200 OK", 304: "304 Not Modified"}


_django = WSGIHandler()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer one request (PEP 3333). Django is asked only for what is not kept."""
    found = Quick.answer(environ, scheme_of(environ))
    if found is None:
        asked(environ)
        return _django(environ, start_response)
    start_response(_STATUS[found.status], found.headers)
    return [found.body]
