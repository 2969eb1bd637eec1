"""What granian hands over reaches WSGI as PEP 3333 has it, and its answer goes back whole."""

import asyncio
import threading
from types import SimpleNamespace

import pytest
from granian.rsgi import ProtocolClosed

from cryptons.serving import UNREAD, environ
from cryptons.serving.application import Application
from cryptons.serving.desk import Desk
from cryptons.serving.environ import READ_AHEAD, environ_of


class Headers(list):
    def items(self):
        return [(name, value) for name, value in self if value.isascii()]

    def keys(self):
        return [name for name, _ in self]

    def get(self, name, default=None):
        return dict(self.items()).get(name, default)


def scope(*headers, **parts):
    given = {
        "method": "GET",
        "path": "/",
        "query_string": "",
        "http_version": "1.1",
        "scheme": "http",
        "server": "127.0.0.1:8000",
        "client": "192.0.2.7:50000",
        "authority": None,
    }
    return SimpleNamespace(**{**given, **parts}, headers=Headers(headers))


class Wire:
    """The client's side of a request: what it sends, in pieces, and what it got."""

    def __init__(self, *pieces):
        self.pieces = list(pieces)
        self.got = None

    async def __call__(self):
        return b"".join(self.pieces)

    def __aiter__(self):
        return self

    async def __anext__(self):
        await asyncio.sleep(0)
        return self.pieces.pop(0) if self.pieces else b""

    def response_bytes(self, status, headers, body):
        self.got = status, dict(headers), body


class Stuck(Wire):
    """A client that never goes on."""

    async def __call__(self):
        await asyncio.Event().wait()

    __anext__ = __call__


def answered(wsgi, request, wire):
    async def main():
        application = Application(wsgi, threads=1)
        application.__rsgi_init__(asyncio.get_running_loop())
        await application.__rsgi__(request, wire)

    asyncio.run(main())
    return wire.got


def echo(environ, start_response):
    start_response("201 Created", [("Content-Type", "text/plain")])
    return [environ["REQUEST_METHOD"].encode(), b" ", environ["wsgi.input"].read()]


def test_path_and_query_are_bytes_in_the_clothes_of_latin_1():
    given = environ_of(scope(path="/p/tee-größe/", query_string="q=é"))
    assert given["PATH_INFO"].encode("latin-1").decode() == "/p/tee-größe/"
    assert given["QUERY_STRING"].encode("latin-1").decode() == "q=é"


@pytest.mark.parametrize(("client", "address"), [("192.0.2.7:1", "192.0.2.7"), ("[2001:db8::7]:1", "2001:db8::7")])
def test_the_client_address_comes_without_its_port(client, address):
    assert environ_of(scope(client=client))["REMOTE_ADDR"] == address


def test_headers_that_come_twice_are_joined_and_those_with_an_underscore_are_dropped():
    given = environ_of(
        scope(
            ("host", "shop.example"),
            ("cookie", "a=1"),
            ("cookie", "b=2"),
            ("x-forwarded-for", "192.0.2.1"),
            ("x_forwarded_for", "203.0.113.9"),
            ("x-forwarded-for", "192.0.2.2"),
            ("content-type", "text/plain"),
            ("content-length", "3"),
        )
    )
    assert given["HTTP_HOST"] == "shop.example"
    assert given["HTTP_COOKIE"] == "a=1; b=2"
    assert given["HTTP_X_FORWARDED_FOR"] == "192.0.2.1,192.0.2.2"
    assert (given["CONTENT_TYPE"], given["CONTENT_LENGTH"]) == ("text/plain", "3")
    assert "HTTP_CONTENT_TYPE" not in given


def test_a_header_that_cannot_be_read_is_there_and_empty():
    """granian names it and leaves it out of the items: an Idempotency-Key must not go unnoticed, or an order is made twice."""
    environ = environ_of(scope(("idempotency-key", "schlüssel"), ("x_real_ip", "ü"), ("accept", "*/*")))
    assert environ["HTTP_IDEMPOTENCY_KEY"] == ""
    assert environ["HTTP_ACCEPT"] == "*/*"
    assert "HTTP_X_REAL_IP" not in environ


def test_a_request_without_a_host_is_for_the_authority_of_its_address():
    assert environ_of(scope(authority="shop.example"))["HTTP_HOST"] == "shop.example"


@pytest.mark.parametrize("size", [0, 1, READ_AHEAD, READ_AHEAD + 1, 3 * READ_AHEAD + 7])
def test_a_body_reaches_the_application_whole(size):
    sent = bytes(index % 251 for index in range(size))
    pieces = [sent[start : start + 9000] for start in range(0, size, 9000)]
    request = scope(("content-length", str(size)), method="POST")
    assert answered(echo, request, Wire(*pieces)) == (201, {"Content-Type": "text/plain"}, b"POST " + sent)


def test_a_body_that_ends_too_soon_is_as_short_as_it_was_sent():
    request = scope(("content-length", str(READ_AHEAD * 2)), method="POST")
    assert answered(echo, request, Wire(b"half"))[2] == b"POST half"


@pytest.mark.parametrize("size", [0, 1, READ_AHEAD, 3 * READ_AHEAD + 7])
def test_a_body_in_pieces_reaches_the_application_whole_and_with_its_length(size):
    sent = bytes(index % 251 for index in range(size))
    pieces = [sent[start : start + 9000] for start in range(0, size, 9000)]
    seen = {}

    def wsgi(environ, start_response):
        seen.update(environ)
        return echo(environ, start_response)

    request = scope(("transfer-encoding", "Chunked"), method="POST")
    assert answered(wsgi, request, Wire(*pieces)) == (201, {"Content-Type": "text/plain"}, b"POST " + sent)
    assert seen["CONTENT_LENGTH"] == str(size)
    assert "HTTP_TRANSFER_ENCODING" not in seen


def test_a_body_in_another_transfer_coding_is_left_alone_and_said_to_be_there():
    seen = {}

    def wsgi(environ, start_response):
        seen.update(environ)
        return echo(environ, start_response)

    request = scope(("transfer-encoding", "gzip, chunked"), method="POST")
    assert answered(wsgi, request, Wire(b"packed"))[2] == b"POST "
    assert (seen["HTTP_TRANSFER_ENCODING"], seen.get("CONTENT_LENGTH")) == ("gzip, chunked", None)


def refused(request, wire):
    """Return what the application hears of a body that was not read; asserts that it got none of it and that the line is closed."""
    seen = {}

    def wsgi(environ, start_response):
        seen.update(environ, body=environ["wsgi.input"].read())
        start_response("400 Bad Request", [("Content-Type", "text/plain")])
        return [b"No."]

    assert answered(wsgi, request, wire) == (400, {"Content-Type": "text/plain", "connection": "close"}, b"No.")
    assert seen["body"] == b""
    return seen[UNREAD]


LATE = (408, "What was sent took too long to arrive. Try again.")
TOO_LARGE = (413, "This is more than can be sent at once.")


@pytest.mark.parametrize(
    "header", [("content-length", "1"), ("content-length", str(READ_AHEAD + 1)), ("transfer-encoding", "chunked")]
)
def test_a_sender_that_takes_for_ever_takes_no_thread(monkeypatch, header):
    monkeypatch.setattr(environ, "PATIENCE", 0.05)
    assert refused(scope(header, method="POST"), Stuck()) == LATE


def test_a_body_that_is_too_large_is_not_read():
    wire = Wire(b"never read")
    assert refused(scope(("content-length", str(environ.MOST + 1)), method="POST"), wire) == TOO_LARGE
    assert wire.pieces == [b"never read"]


def test_a_body_in_pieces_is_read_no_further_than_one_of_a_length(monkeypatch):
    monkeypatch.setattr(environ, "MOST", 5)
    fits, too_large = Wire(b"123", b"45"), Wire(b"123", b"456", b"7")
    request = scope(("transfer-encoding", "chunked"), method="POST")
    assert answered(echo, request, fits)[2] == b"POST 12345"
    assert refused(request, too_large) == TOO_LARGE
    assert too_large.pieces == [b"7"]


def test_a_sender_that_leaves_half_way_is_answered_by_nobody():
    class Gone(Wire):
        async def __call__(self):
            raise ProtocolClosed

    assert answered(None, scope(("content-length", "5"), method="POST"), Gone()) is None


def test_an_application_that_breaks_is_a_plain_500():
    def broken(environ, start_response):
        raise RuntimeError("secret")

    status, _, body = answered(broken, scope(), Wire())
    assert (status, body) == (500, b"Something went wrong in the store.")


def test_an_answer_that_breaks_half_way_is_a_plain_500_and_is_closed():
    closed = []

    class Broken:
        def __iter__(self):
            yield b"half"
            raise RuntimeError("secret")

        def close(self):
            closed.append(True)

    def wsgi(environ, start_response):
        start_response("200 OK", [])
        return Broken()

    assert answered(wsgi, scope(), Wire())[0] == 500
    assert closed == [True]


def test_the_desk_answers_everybody_from_so_many_threads():
    seen = set()

    def work(number):
        seen.add(threading.current_thread().name)
        if number == 13:
            raise ValueError(number)
        return number * number

    async def main():
        desk = Desk(asyncio.get_running_loop(), 3)
        tasks = [desk.do(lambda number=number: work(number)) for number in range(200)]
        return await asyncio.gather(*tasks, return_exceptions=True)

    results = asyncio.run(main())
    assert isinstance(results.pop(13), ValueError)
    assert results == [number * number for number in range(200) if number != 13]
    assert seen <= {"desk-0", "desk-1", "desk-2"}
