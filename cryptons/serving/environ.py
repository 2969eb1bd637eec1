"""A request as granian hands it over (RSGI), in the words of WSGI (PEP 3333)."""

import asyncio
import io
import sys
import tempfile
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


async def body_of(scope: Scope, protocol: HTTPProtocol) -> IO[bytes]:
    """Return the body of a request once all of it is here: a small one from memory, a large one from a file without a name.

    Raises BodyTooLarge, and TimeoutError where it comes slower than `SLOWEST`.
    """
    length = int(scope.headers.get("content-length", "0"))
    if length > MOST:
        raise BodyTooLarge
    async with asyncio.timeout(PATIENCE + length / SLOWEST):
        if length <= READ_AHEAD:
            return io.BytesIO(await protocol() if length else b"")
        return await _filed(protocol)


async def _filed(protocol: HTTPProtocol) -> IO[bytes]:
    with ExitStack() as opened:
        file = opened.enter_context(tempfile.TemporaryFile())
        async for piece in protocol:
            if not piece:
                break
            file.write(piece)
        file.seek(0)
        opened.pop_all()
    return file
