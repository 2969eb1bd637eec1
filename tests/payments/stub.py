"""A JSON-RPC server that says what a test tells it to: for what no well-behaved node does, and for recorded bodies."""

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class StubServer(ThreadingHTTPServer):
    """Answers each POST with `answer(path, body)`: (status, bytes), or None to close without a word."""

    daemon_threads = True

    def __init__(self, answer: Callable[[str, Any], tuple[int, bytes] | None]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.seen: list[tuple[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []
        self.connections = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def methods(self) -> list[str]:
        """Names of all methods called, batches unfolded."""
        bodies = [one for _, body in self.seen for one in (body if isinstance(body, list) else [body])]
        return [body["method"] for body in bodies]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: StubServer

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append((self.path, body))
        self.server.headers.append(dict(self.headers))
        self._answer(self.server.answer(self.path, body))

    def do_GET(self) -> None:
        self.server.seen.append((self.path, {"method": "GET"}))
        self._answer(self.server.answer(self.path, None))

    def _answer(self, answer: tuple[int, bytes] | None) -> None:
        if answer is None:
            self.close_connection = True
            return
        status, content = answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it so)
        pass


@contextmanager
def serving(answer):
    server = StubServer(answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def rpc(methods: dict[str, Any], *, chain: str = "regtest", subversion: str = "/Satoshi:28.1.0/"):
    """An answer function for a node with these methods: a value, a function of the parameters, or an (code, message) error."""
    table = {
        "getblockchaininfo": {
            "chain": chain,
            "blocks": 120,
            "headers": 120,
            "initialblockdownload": False,
            "pruned": False,
        },
        "getnetworkinfo": {"subversion": subversion},
        **methods,
    }

    def one(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        answer = table.get(body["method"], (-32601, "Method not found"))
        result = answer(*body["params"]) if callable(answer) else answer
        if isinstance(result, tuple):
            error = {"code": result[0], "message": result[1]}
            return (404 if result[0] == -32601 else 500), {"result": None, "error": error, "id": body["id"]}
        return 200, {"result": result, "error": None, "id": body["id"]}

    def answer(path: str, body: Any) -> tuple[int, bytes]:
        if isinstance(body, list):
            return 200, json.dumps([one(each)[1] for each in body]).encode()
        status, content = one(body)
        return status, json.dumps(content).encode()

    return answer
