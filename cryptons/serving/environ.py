"""A request as granian hands it over (RSGI), in the words of WSGI (PEP 3333)."""

import asyncio
import io
import sys
from typing import IO, Any

from granian.rsgi import HTTPProtocol, Scope

READ_AHEAD = 65_536
"""A body of up to so many bytes is read before the request takes a thread, so that a slow sender of a form holds none."""


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


async def body_of(scope: Scope, protocol: HTTPProtocol, loop: asyncio.AbstractEventLoop) -> IO[bytes]:
    """Return the body of a request: nothing, all of a small one, or a large one to be read piece by piece."""
    length = scope.headers.get("content-length")
    if length is None or length == "0":
        return io.BytesIO()
    if length.isascii() and length.isdigit() and int(length) <= READ_AHEAD:
        return io.BytesIO(await protocol())
    return io.BufferedReader(_Pieces(protocol, loop), READ_AHEAD)


class _Pieces(io.RawIOBase):
    """A body that arrives on the loop while another thread reads it."""

    def __init__(self, protocol: HTTPProtocol, loop: asyncio.AbstractEventLoop) -> None:
        self._pieces: Any = None
        self._protocol = protocol
        self._loop = loop
        self._rest = b""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer`, waiting for the sender; return with how many bytes, 0 at the end."""
        if not self._rest:
            self._rest = asyncio.run_coroutine_threadsafe(self._next(), self._loop).result()
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count

    async def _next(self) -> bytes:
        if self._pieces is None:
            self._pieces = aiter(self._protocol)
        return bytes(await anext(self._pieces, b""))
