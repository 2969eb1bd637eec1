"""A server on a real socket that answers like an Elasticsearch, a broken one, or something else altogether."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

PRODUCT = {"X-Elastic-Product": "Elasticsearch", "Content-Type": "application/json"}


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def call(self) -> str:
        return f"{self.method} {self.path.partition('?')[0]}"


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: object = b""
    headers: dict[str, str] = field(default_factory=lambda: dict(PRODUCT))
    cut: int = 0
    """How many bytes of the body are announced and never sent."""

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class OddServer:
    """`answer` is asked for the reply to each request; all of them are in `requests`. It hangs where `answer` gives None."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answer: Callable[[Request], Reply | None] = lambda request: Reply(body={})
        self.url = ""
        self.over = Event()

    @property
    def calls(self) -> list[str]:
        return [request.call for request in self.requests]


@contextmanager
def odd_server(wrap: Callable[[Any], Any] = lambda socket: socket) -> Iterator[OddServer]:
    """Give a server on a free port; `wrap` may put TLS around its socket."""
    odd = OddServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, self.path, headers, sent)
            odd.requests.append(request)
            reply = odd.answer(request)
            if reply is None:
                odd.over.wait(20)
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in {**reply.headers, "Content-Length": str(len(reply.content) + reply.cut)}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.content)
            self.close_connection = bool(reply.cut)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.socket = wrap(server.socket)
        odd.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield odd
        finally:
            odd.over.set()
            server.shutdown()
            thread.join()
