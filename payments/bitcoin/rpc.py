"""JSON-RPC to Bitcoin Core over one persistent connection pool."""

import itertools
import json
import socket
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import httpcore
import httpx

from payments.bitcoin.errors import (
    IN_WARMUP,
    BadAnswer,
    NodeBusy,
    NodeError,
    NodeRefused,
    NodeUnreachable,
    RpcError,
)

Call = tuple[str, Sequence[object]]
"""A method's name and its parameters by position."""

# Repeating one of these does no harm: they read, or what they make twice (an address nobody saw) costs nothing.
SAFE = frozenset(
    {
        "getaddressinfo",
        "getblockchaininfo",
        "getblockhash",
        "getmempoolentry",
        "getnetworkinfo",
        "getnewaddress",
        "gettransaction",
        "getwalletinfo",
        "listsinceblock",
        "loadwallet",
        "sendrawtransaction",
    }
)
_KEEPALIVE_SECONDS = 20.0  # the node closes an idle connection after 30 s without notice (-rpcservertimeout)
_BROKEN = (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError)
_NO_ANSWER = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)
_REFUSALS = {
    401: "The node does not accept our user and password (BITCOIN_RPC_USER, BITCOIN_RPC_PASSWORD).",
    403: "The node does not allow this user to call {methods} (rpcwhitelist).",
    404: "The node has nothing at {path}: is BITCOIN_RPC_URL the address of a Bitcoin node?",
}


class RpcClient:
    """A thread-safe JSON-RPC client. `timeout` is in seconds: for connecting, for each silence, and tenfold for a whole answer."""

    def __init__(self, url: str, user: str, password: str, *, timeout: float = 10.0) -> None:
        self._timeout = timeout
        self._ids = itertools.count(1)
        self._base = httpx.URL(url)
        self._headers = [
            (b"Host", self._base.netloc),
            (b"Authorization", b"Basic " + b64encode(f"{user}:{password}".encode())),
            (b"Content-Type", b"application/json"),
        ]
        waits = {"connect": min(timeout, 5.0), "read": timeout, "write": timeout, "pool": timeout}
        self._extensions = {"timeout": waits}
        # Not httpx's own client: it makes URL, headers and cookies anew for each call, which costs more than the call.
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False) if self._base.scheme == "https" else None,
            max_connections=16,
            max_keepalive_connections=8,
            keepalive_expiry=_KEEPALIVE_SECONDS,
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def call(self, method: str, *params: object, path: str = "/") -> Any:
        """Return the result of one call. Numbers with a point come as Decimal. Raises NodeError."""
        body = self._request(method, params)
        status, answer = self._exchange(body, path, [method])
        return _result(answer, body["id"], status)

    def batch(self, calls: Sequence[Call], *, path: str = "/") -> list[Any]:
        """Return the results of `calls` in their order, an RpcError in the place of each that failed; one HTTP request.

        Raises NodeError where the batch as a whole failed, also when the node is still starting.
        """
        if not calls:
            return []
        bodies = [self._request(method, params) for method, params in calls]
        status, answers = self._exchange(bodies, path, [method for method, _ in calls])
        if not isinstance(answers, list):
            _result(answers, None, status)
            raise BadAnswer("The node answered a batch with something that is no list.", http_status=status)
        by_id = {one["id"]: one for one in answers if isinstance(one, dict) and isinstance(one.get("id"), int)}
        return [self._member(by_id.get(body["id"]), body["id"], status) for body in bodies]

    def _member(self, answer: object, expected: int, status: int) -> Any:
        try:
            return _result(answer, expected, status)
        except RpcError as error:
            return error

    def _request(self, method: str, params: Sequence[object]) -> dict[str, Any]:
        return {"jsonrpc": "1.0", "id": next(self._ids), "method": method, "params": list(params)}

    def _exchange(self, body: object, path: str, methods: Sequence[str]) -> tuple[int, Any]:
        content = json.dumps(body).encode()
        try:
            status, raw = self._post(content, path)
        except _BROKEN as error:
            # Most likely a kept connection that the node closed meanwhile; a fresh one tells for sure.
            if not SAFE.issuperset(methods):
                raise NodeUnreachable(f"The connection to the node broke: {error!r}") from error
            status, raw = self._post_or_fail(content, path)
        except _NO_ANSWER as error:
            raise _unreachable(error) from error
        return status, _decoded(status, raw, path, methods)

    def _post_or_fail(self, content: bytes, path: str) -> tuple[int, bytes]:
        try:
            return self._post(content, path, (b"Connection", b"close"))
        except _NO_ANSWER as error:
            raise _unreachable(error) from error

    def _post(self, content: bytes, path: str, *more: tuple[bytes, bytes]) -> tuple[int, bytes]:
        deadline = time.monotonic() + 10 * self._timeout
        headers = [*self._headers, *more]
        with self._pool.stream(
            "POST", self._address(path), headers=headers, content=content, extensions=self._extensions
        ) as response:
            chunks = []
            for chunk in _at_once(response):
                chunks.append(chunk)
                if time.monotonic() > deadline:
                    raise httpcore.ReadTimeout("the answer came too slowly")
            return response.status, b"".join(chunks)

    def _address(self, path: str) -> httpcore.URL:
        base = self._base
        target = base.raw_path.rstrip(b"/") + path.encode()
        return httpcore.URL(scheme=base.raw_scheme, host=base.raw_host, port=base.port, target=target)


def _at_once(response: httpcore.Response) -> Iterator[bytes]:
    """Yield the answer's pieces, acknowledging each without delay.

    The node's server writes 16 KiB at a time and waits for the acknowledgement (Nagle), which Linux holds back for 40 ms. The kernel
    leaves the quick mode by itself, so it is set again before each read: 44 ms become 0.7 ms, setting it once changes nothing.
    """
    quick = getattr(socket, "TCP_QUICKACK", None)
    stream = response.extensions.get("network_stream")
    connection = stream.get_extra_info("socket") if stream is not None and quick is not None else None
    pieces = response.iter_stream()
    while True:
        if connection is not None:
            connection.setsockopt(socket.IPPROTO_TCP, quick, 1)
        piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def _unreachable(error: Exception) -> NodeError:
    if isinstance(error, httpcore.TimeoutException):
        return NodeUnreachable("The node did not answer in time.")
    return NodeUnreachable(f"The node cannot be reached: {error}")


def _decoded(status: int, raw: bytes, path: str, methods: Sequence[str]) -> Any:
    """Return the JSON of an answer. Raises NodeError for what is none: 401, 403, 404 have empty bodies, 503 is text."""
    if status == 503:
        raise NodeBusy(f"The node is busy: {raw[:200].decode(errors='replace')}", http_status=status)
    try:
        return json.loads(raw, parse_float=Decimal, parse_constant=_no_number)
    except ValueError:
        if status in _REFUSALS:
            message = _REFUSALS[status].format(path=path, methods=", ".join(sorted(set(methods))))
            raise NodeRefused(message, http_status=status) from None
        said = raw[:200].decode(errors="replace")
        raise BadAnswer(f"The node answered with HTTP {status} and no JSON: {said!r}", http_status=status) from None


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _result(answer: Any, expected: int | None, status: int) -> Any:
    if not isinstance(answer, dict):
        raise BadAnswer("The node's answer is no JSON-RPC answer.", http_status=status)
    error = answer.get("error")
    if error is not None:
        raise _rpc_error(error, status)
    if answer.get("id") != expected or "result" not in answer:
        raise BadAnswer("The node answered something that was not asked.", http_status=status)
    return answer["result"]


def _rpc_error(error: Any, status: int) -> NodeError:
    if not isinstance(error, dict) or not isinstance(error.get("code"), int):
        return BadAnswer(f"The node reported an error without a code: {error!r:.200}", http_status=status)
    code, message = error["code"], str(error.get("message", ""))
    if code == IN_WARMUP:
        return NodeBusy(f"The node is starting: {message}", code=code, http_status=status)
    return RpcError(message, code=code, http_status=status)
