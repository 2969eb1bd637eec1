"""One POST to an address that somebody typed in: never to another one than was checked, and over in `WHOLE` seconds whatever happens.

The name is resolved once, each of its addresses is checked, and the connection goes to one of these: a name that means something else a
moment later gains nothing. No redirect is followed, no proxy of the environment is asked.
"""

import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import httpcore
import httpx

from cryptons.outgoing.addresses import NotAllowed, Rules, Target, addresses_of, target_of

CONNECT = 5.0
WHOLE = 15.0
MOST_READ = 64 * 1024
KEPT = 500

_REST = 2.0  # for the body, once the status is there: it is only for the log
_PIECE = 8192


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it: a status and the beginning of the text, or an error in words. `milliseconds` it took."""

    status: int | None
    beginning: str
    error: str
    milliseconds: int

    @property
    def is_good(self) -> bool:
        """Whether the other side took it."""
        return self.status is not None and 200 <= self.status < 300


def post(url: str, body: bytes, headers: Mapping[str, str], *, rules: Rules) -> Answer:
    """Send `body` to `url`. Whatever the other side does is an answer, never an exception."""
    begun = time.monotonic()
    status, text, error = None, b"", ""
    try:
        status, text = _exchange(target_of(url, rules), url, body, headers, rules)
    except NotAllowed as refusal:
        error = str(refusal)
    except (httpcore.TimeoutException, TimeoutError):
        error = "There was no answer in time."
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as trouble:
        error = f"{type(trouble).__name__}: {trouble}"
    beginning = text[:KEPT].decode("utf-8", "replace").replace("\0", "\ufffd")
    return Answer(status, beginning, error[:300].replace("\0", "\ufffd"), int((time.monotonic() - begun) * 1000))


def _exchange(target: Target, url: str, body: bytes, headers: Mapping[str, str], rules: Rules) -> tuple[int, bytes]:
    deadline = _Deadline(WHOLE)
    backend = _Backend(target, rules, deadline)
    sent = [(name.encode(), value.encode()) for name, value in {**headers, "Connection": "close"}.items()]
    with (
        httpcore.ConnectionPool(ssl_context=_trusted(), network_backend=backend) as pool,
        pool.stream("POST", url, headers=sent, content=body) as response,
    ):
        deadline.shorten(_REST)
        return response.status, _beginning(response)


def _beginning(response: httpcore.Response) -> bytes:
    """Return the first of what follows the status, as much as comes in time."""
    text = b""
    try:
        for piece in response.iter_stream():
            text += piece
            if len(text) >= MOST_READ:
                break
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
        return text  # the status stands, and what the body says is for people alone
    return text


class _Deadline:
    """The moment when everything has to be over."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def shorten(self, seconds: float) -> None:
        self._at = min(self._at, time.monotonic() + seconds)

    def left(self) -> float:
        """Return the seconds that are left. Raises httpcore.ReadTimeout where there are none."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time is over")
        return left


class _Backend(httpcore.NetworkBackend):
    """Connects to the addresses that were checked, and to nothing else."""

    def __init__(self, target: Target, rules: Rules, deadline: _Deadline) -> None:
        self._target, self._rules, self._deadline = target, rules, deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a connection, whatever name the pool has for the other side."""
        until = _Deadline(CONNECT)
        addresses = addresses_of(self._target, self._rules, seconds=until.left())
        trouble: Exception = httpcore.ConnectError("the name has no address")
        for tried, address in enumerate(addresses):
            try:
                patience = until.left() / (len(addresses) - tried)
                stream = self._inner.connect_tcp(address, self._target.port, timeout=patience)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                trouble = error
            else:
                return _Stream(stream, self._deadline)
        raise trouble


class _Stream(httpcore.NetworkStream):
    """A connection on which nothing takes longer than until the deadline, however small the drops are in which it comes."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what came."""
        return self._inner.read(min(max_bytes, _PIECE), self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send."""
        self._inner.write(buffer, self._deadline.left())

    def close(self) -> None:
        """Hang up."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Return the same, encrypted; the certificate has to be that of the name, not of the address."""
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._deadline.left()), self._deadline)

    def get_extra_info(self, info: str) -> object:
        """Return what the connection knows about itself."""
        return self._inner.get_extra_info(info)


@cache
def _trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
