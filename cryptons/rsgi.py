"""The entrance for granian: pages and API over WSGI, lines of events beside them."""

from typing import Any

from django.conf import settings

from cryptons.serving.application import Application, Known
from cryptons.streams.hub import hub
from cryptons.wsgi import application as wsgi
from cryptons.wsgi import kept, kept_soon, name_of, was_kept


class _Kept:
    """What is kept for strangers."""

    def name(self, environ: dict[str, Any]) -> str | None:
        """Return the name under which the answer to a request would be kept."""
        return name_of(environ)

    def was_kept(self, name: str) -> bool:
        """Return whether one of this name is kept, good or not."""
        return was_kept(name)

    async def find(self, environ: dict[str, Any]) -> Known | None:
        """Return the kept answer to a request. In Redis the marks cost a trip, which many requests make together."""
        return await kept_soon(environ) if settings.CACHE_URL.startswith("redis") else kept(environ)


application = Application(wsgi, threads=settings.WEB_THREADS, hub=hub, known=_Kept())
