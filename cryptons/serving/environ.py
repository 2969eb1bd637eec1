"""A request as granian hands it over (RSGI), in the words of WSGI (PEP 3333)."""

import asyncio
import io
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import IO, Any

from granian.rsgi import HTTPProtocol, Scope

READ_AHEAD = 65_536
"""A body of up to so many bytes waits in memory, a larger one in a file. None takes a thread before it is whole: senders may be slow."""
MOST = 64 * 1024 * 1024
"""How many bytes a body may have: several pictures at once."""
PATIENCE = 30.0
SLOWEST = 10_000
"""A body has so many seconds to come, and one more for each so many bytes."""


class BodyTooLarge(Exception):
    """The body has more than MOST bytes."""


def environ_of(scope: Scope) -> dict[str, Any]:
    """Return the WSGI environment of a request, all but its body: "wsgi.input" is yet to be set."""
    server, _, port = scope.server.rpartition(":")
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        # WSGI's texts are bytes in the clothes of Latin-1.
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_SOFTWARE": "granian",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    _add_headers(environ, scope.headers.items())
    _add_unreadable(environ, scope.headers.keys())
    if "HTTP_HOST" not in environ and scope.authority:
        environ["HTTP_HOST"] = scope.authority
    return environ


def _add_headers(environ: dict[str, Any], headers: list[tuple[str, str]]) -> None:
    for name, value in headers:
        if "_" in name:
            continue  # X_Forwarded_For would pass for X-Forwarded-For, which a proxy of ours has set
        key = _key(name)
        if key in environ:
            value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"  # noqa: PLW2901
        environ[key] = value


def _add_unreadable(environ: dict[str, Any], names: list[str]) -> None:
    """Add what granian names but leaves out of its items, since the value is not ASCII: empty, so that it is refused and not overlooked."""
    for name in names:
        if "_" not in name:
            environ.setdefault(_key(name), "")


def _key(name: str) -> str:
    return _NAMES.get(name) or "HTTP_" + name.upper().replace("-", "_")


_NAMES = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


async def read_body(environ: dict[str, Any], scope: Scope, protocol: HTTPProtocol) -> None:
    """Set "wsgi.input" once all of the body is here: a small one in memory, a large one in a file without a name.

    One that comes in pieces (RFC 9112, 7.1), as several clients send JSON, is put together and has its length from then on; in any
    other transfer coding it is left alone. Raises BodyTooLarge, and TimeoutError where it comes slower than `SLOWEST`.
    """
    if environ.get("HTTP_TRANSFER_ENCODING", "").strip().lower() == "chunked":
        environ["wsgi.input"], length = await _put_together(protocol)
        environ["CONTENT_LENGTH"] = str(length)
        del environ["HTTP_TRANSFER_ENCODING"]
        return
    environ["wsgi.input"] = await _read_whole(int(scope.headers.get("content-length", "0")), protocol)


async def _read_whole(length: int, protocol: HTTPProtocol) -> IO[bytes]:
    if length > MOST:
        raise BodyTooLarge
    async with asyncio.timeout(PATIENCE + length / SLOWEST):
        if length <= READ_AHEAD:
            return io.BytesIO(await protocol() if length else b"")
        with ExitStack() as opened:
            file = opened.enter_context(tempfile.TemporaryFile())
            async for piece in _pieces(protocol):
                file.write(piece)
            file.seek(0)
            opened.pop_all()
        return file


async def _put_together(protocol: HTTPProtocol) -> tuple[IO[bytes], int]:
    """Return a body of a length that only its end tells, and that length. Time to come grows with what has come."""
    length, began = 0, asyncio.get_running_loop().time()
    with ExitStack() as opened:
        file = opened.enter_context(tempfile.SpooledTemporaryFile(READ_AHEAD))
        async with asyncio.timeout_at(began + PATIENCE) as patience:
            async for piece in _pieces(protocol):
                length += file.write(piece)
                if length > MOST:
                    raise BodyTooLarge
                patience.reschedule(began + PATIENCE + length / SLOWEST)
        file.seek(0)
        opened.pop_all()
    return file, length


async def _pieces(protocol: HTTPProtocol) -> AsyncIterator[bytes]:
    async for piece in protocol:
        if not piece:
            return
        yield piece
