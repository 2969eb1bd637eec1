"""The node's HTTP interface: what is accepted where, and which failures have an empty body."""

import base64
import hmac
import logging
import socket
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any
from urllib.parse import unquote

from sandbox.faults import Fault, Faults
from sandbox.rpc.dispatch import Answer, Dispatcher
from sandbox.values import encode

logger = logging.getLogger(__name__)
IDLE_SECONDS = 30
WRONG_PASSWORD_SECONDS = 0.25
PLAIN = "text/html; charset=ISO-8859-1"


class RpcServer(ThreadingTCPServer):
    """Listens for JSON-RPC; each connection has its own thread."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], dispatcher: Dispatcher, credentials: str, faults: Faults) -> None:
        self.dispatcher = dispatcher
        self.faults = faults
        self.authorization = "Basic " + base64.b64encode(credentials.encode()).decode()
        self._open: set[socket.socket] = set()
        super().__init__(address, RpcHandler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that it can be cut."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection."""
        self._open.discard(request)
        super().shutdown_request(request)

    def cut_connections(self) -> None:
        """Close every connection at once."""
        for one in list(self._open):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it was gone already

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log what went wrong, unless a client merely went away."""
        if not isinstance(sys.exception(), OSError):
            logger.error("The sandbox failed to answer", exc_info=sys.exception())


class RpcHandler(BaseHTTPRequestHandler):
    """One connection."""

    server: RpcServer
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Give a call."""
        body = self._body()
        fault = self.server.faults.next()
        if fault is not None and self._fail(fault):
            return
        if not self._authorized():
            return
        path = self._path()
        if path is None:
            self._send(404, b"", PLAIN)
            return
        answer = self.server.dispatcher.answer(path, body)
        if fault is not None and fault.kind == "hang_up_after":
            self.close_connection = True
            return
        self._answer(answer)

    def _refuse_method(self) -> None:
        if self._path() is None:
            self._send(404, b"", PLAIN)
        else:
            self._send(405, b"JSONRPC server handles only POST requests", PLAIN)

    def __getattr__(self, name: str) -> Any:
        """Treat every HTTP method but POST alike; the base class looks for `do_GET` and so on."""
        if name.startswith("do_"):
            return self._refuse_method
        raise AttributeError(name)

    def _path(self) -> str | None:
        """Give the decoded path if it is one of the node's, else None."""
        path = self.requestline.split()[1]  # `self.path` has lost a doubled slash at its start
        if path == "/":
            return path
        return unquote(path) if path.startswith("/wallet/") else None

    def _body(self) -> bytes:
        """Read the body, whole or in chunks; a malformed one is empty and so no JSON."""
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            length = self.headers.get("Content-Length") or "0"
            return self.rfile.read(int(length)) if length.isdigit() else b""
        pieces = []
        while size := int(self.rfile.readline().split(b";")[0].strip() or b"0", 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def _authorized(self) -> bool:
        given = self.headers.get("Authorization")
        if given is not None and hmac.compare_digest(given.encode(), self.server.authorization.encode()):
            return True
        if given is not None:
            time.sleep(WRONG_PASSWORD_SECONDS)
        self._unauthorized()
        return False

    def _unauthorized(self) -> None:
        self._send(401, b"", PLAIN, {"WWW-Authenticate": 'Basic realm="jsonrpc"'})

    def _fail(self, fault: Fault) -> bool:
        """Act out a fault; True when that was the answer."""
        time.sleep(fault.seconds)
        actions: dict[str, Callable[[], None]] = {
            "busy": lambda: self._send(503, b"Work queue depth exceeded", PLAIN),
            "unauthorized": self._unauthorized,
            "hang_up": lambda: setattr(self, "close_connection", True),
            "garbage": lambda: self._send(200, fault.text.encode(), PLAIN),
            "warmup": lambda: self._warmup(fault.text),
        }
        action = actions.get(fault.kind)
        if action is not None:
            action()
        return action is not None

    def _warmup(self, message: str) -> None:
        reply = {"result": None, "error": {"code": -28, "message": message}, "id": None}
        self._send(500, (encode(reply) + "\n").encode(), "application/json")

    def _answer(self, answer: Answer) -> None:
        if answer.body is None:
            self._send(answer.status, None, None)
        else:
            self._send(answer.status, answer.body.encode(), "application/json")

    def _send(
        self, status: int, body: bytes | None, content_type: str | None, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response_only(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if content_type == "application/json":
            self.send_header("Content-Type", content_type)
        self.send_header("Date", self.date_time_string())
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        if content_type not in {None, "application/json"}:
            self.send_header("Content-Type", str(content_type))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if body and self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class names it so)
        """Give the sandbox keeps no access log."""
