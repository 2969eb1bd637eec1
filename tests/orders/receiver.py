"""A receiver of webhooks on a port of its own, that behaves as a test wants it to."""

import json
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver(ThreadingHTTPServer):
    """Answers each POST with what `answer(number)` returns for the number of the request: a status, or (status, body, headers)."""

    daemon_threads = True

    def __init__(self, answer):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.got = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/hook"

    @property
    def messages(self):
        return [json.loads(body) for _, body in self.got]

    def told(self, name):
        """Return one header of every request."""
        return [headers.get(name) for headers, _ in self.got]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.headers, body))
        answer = self.server.answer(len(self.server.got))
        status, text, headers = answer if isinstance(answer, tuple) else (answer, b"", {})
        self.send_response(status)
        for name, value in {"Content-Length": str(len(text)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        pass


@contextmanager
def receiving(answer=lambda number: 200):
    server = Receiver(answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def speaking(talk):
    """Run a bare server: `talk(connection)` has each connection to itself. Gives the address."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=_alone, args=(talk, connection), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/hook"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def _alone(talk, connection):
    with connection:
        try:
            talk(connection)
        except OSError:
            return  # the other side hung up
