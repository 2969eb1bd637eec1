"""The application that granian runs: Django over WSGI in a few threads, and lines of events on the loop beside them."""

import asyncio
import io
import os
import resource
import signal
from collections.abc import Callable
from typing import Any, Protocol
from wsgiref.types import WSGIApplication

import structlog
from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope

from cryptons.serving import UNREAD
from cryptons.serving.desk import Desk
from cryptons.serving.environ import BodyTooLarge, environ_of, read_body
from cryptons.serving.lines import Opening, keep_open
from cryptons.serving.turns import Turns
from cryptons.streams.hub import Hub

log = structlog.get_logger(__name__)

_FAILED = b"Something went wrong in the store."
_REFUSED: dict[type[Exception], tuple[int, str]] = {
    BodyTooLarge: (413, "This is more than can be sent at once."),
    TimeoutError: (408, "What was sent took too long to arrive. Try again."),
}


class Known(Protocol):
    """An answer that is ready to be sent."""

    @property
    def status(self) -> int:
        """Return the status."""

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Return the headers."""

    @property
    def body(self) -> bytes:
        """Return the body."""


class Knows(Protocol):
    """Has answers without a thread: it is asked on the loop, before a request takes one."""

    def name(self, environ: dict[str, Any]) -> str | None:
        """Return the name that all have in common who ask in the same way, None for who asks for more than that."""

    def was_kept(self, name: str) -> bool:
        """Return whether an answer of this name was known before, so that the next one is likely to do for all who ask for it."""

    async def find(self, environ: dict[str, Any]) -> Known | None:
        """Return the answer to a request, as good now as one that is made anew; None where it has to be made."""


_TURNS = 2
"""So often somebody waits for others who want the same. What those get may do for nobody else: an error, or what was changed meanwhile."""
_TRIAL = 1.0
"""Seconds that somebody waits, and once, where nothing says that the answer to one will do for others."""


class Application:
    """Serves a WSGI application over RSGI. Where an answer says that it goes on (`cryptons.streams.answer`), its line stays open."""

    def __init__(
        self,
        wsgi: WSGIApplication,
        *,
        threads: int,
        hub: Callable[[], Hub] | None = None,
        known: Knows | None = None,
    ) -> None:
        """`known` may have an answer already."""
        self._wsgi = wsgi
        self._known = known
        self._turns = Turns()
        self._threads = threads
        self._make_hub = hub
        self._hub: Hub | None = None

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Make ready, in the process that serves."""
        _open_many_files()
        self._loop = loop
        self._desk: Desk[Opening | None] = Desk(loop, self._threads)
        if self._make_hub is not None:
            self._hub = self._make_hub()
            loop.add_signal_handler(signal.SIGTERM, self._stop)

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request."""
        environ = environ_of(scope)
        if self._known is not None and await self._answer_known(self._known, environ, protocol):
            return
        try:
            await read_body(environ, scope, protocol)
        except ProtocolClosed:
            return  # the sender left half-way, and nobody is there to be answered
        except (BodyTooLarge, TimeoutError) as refusal:
            environ[UNREAD] = _REFUSED[type(refusal)]  # for Django to say, in the shape that the address is answered in
            environ["wsgi.input"] = io.BytesIO()
        opening = await self._answer_in_turn(environ, protocol)
        if opening is not None and self._hub is not None:
            await keep_open(opening, protocol, self._hub)

    async def _answer_known(self, known: Knows, environ: dict[str, Any], protocol: HTTPProtocol) -> bool:
        """Answer with what is known; return whether there was anything."""
        try:
            found = await known.find(environ)
        except Exception:
            log.exception("serving.known_failed", path=environ["PATH_INFO"])
            return False
        if found is None:
            return False
        protocol.response_bytes(found.status, found.headers, found.body)
        return True

    async def _answer_in_turn(self, environ: dict[str, Any], protocol: HTTPProtocol) -> Opening | None:
        """Answer in a thread; whoever wants what is just being made for somebody else waits for that and looks whether it will do."""
        name = self._known.name(environ) if self._known is not None else None
        if self._known is None or name is None:
            return await self._answer_anew(environ, protocol)
        for _ in range(_TURNS):
            kept = self._known.was_kept(name)
            if not await self._turns.wait(name, longest=None if kept else _TRIAL):
                with self._turns.ahead(name):
                    return await self._answer_anew(environ, protocol)
            if await self._answer_known(self._known, environ, protocol):
                return None
            if not self._known.was_kept(name):
                break
        return await self._answer_anew(environ, protocol)

    async def _answer_anew(self, environ: dict[str, Any], protocol: HTTPProtocol) -> Opening | None:
        return await self._desk.do(lambda: self._answer(environ, protocol))

    def _answer(self, environ: dict[str, Any], protocol: HTTPProtocol) -> Opening | None:
        """Let WSGI answer, in a thread of the desk; return what a line begins with where the answer goes on."""
        try:
            return self._ask(environ, protocol)
        except Exception:
            log.exception("serving.failed", path=environ["PATH_INFO"])
            protocol.response_bytes(500, [("content-type", "text/plain")], _FAILED)
            return None

    def _ask(self, environ: dict[str, Any], protocol: HTTPProtocol) -> Opening | None:
        begun: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[..., None]:
            # What is left of a body would be taken for the next request.
            begun[:] = [int(status[:3]), [*headers, ("connection", "close")] if UNREAD in environ else headers]
            return _refuse_to_write

        result = self._wsgi(environ, start_response)
        try:
            content = b"".join(result)
            subscription = getattr(result, "subscription", None)
            if subscription is not None and self._hub is not None and environ["REQUEST_METHOD"] == "GET":
                return Opening(begun[0], begun[1], content, subscription)
            protocol.response_bytes(begun[0], begun[1], content)
            return None
        finally:
            close = getattr(result, "close", None)
            if close is not None:
                close()
            environ["wsgi.input"].close()

    def _stop(self) -> None:
        """End all lines at once, so that nobody waits for them, then let granian stop: it takes SIGINT as it would have SIGTERM."""
        if self._hub is not None:
            self._hub.close()
        os.kill(os.getpid(), signal.SIGINT)


def _open_many_files() -> None:
    """Let this process have as many connections as the system allows it; the usual soft limit is 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _refuse_to_write(data: bytes) -> None:
    raise NotImplementedError("WSGI's write() is for applications of before 2003.")
