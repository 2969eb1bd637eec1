"""Where the store sends to, and what the other side can do to it. The other sides are real servers."""

import socket
import ssl
import subprocess
import threading
from threading import Event

import pytest

from cryptons.outgoing import addresses, posting
from cryptons.outgoing.addresses import NotAllowed, Rules, addresses_of, is_public, target_of
from cryptons.outgoing.posting import post
from tests.orders.receiver import receiving, speaking

CLOSED = Rules(private=False, https=True)
PLAIN = Rules(private=False, https=False)
OPEN = Rules(private=True, https=True)
GOOD = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def names(monkeypatch):
    """Names and their addresses; each look-up is kept."""
    known, asked, real = {}, [], socket.getaddrinfo

    def look_up(host, port, *args, **options):
        asked.append(host)
        if host not in known:
            return real(host, port, *args, **options)
        found = known[host]() if callable(known[host]) else known[host]
        return [entry for address in found for entry in real(address, port, type=socket.SOCK_STREAM)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    known["asked"] = asked
    return known


@pytest.fixture
def hasty(monkeypatch):
    monkeypatch.setattr(posting, "WHOLE", 0.5)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "0.1.2.3",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.127.255.255",
        "192.0.0.8",
        "192.0.0.170",
        "192.0.2.1",
        "198.51.100.7",
        "203.0.113.9",
        "198.18.0.1",
        "192.88.99.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::808:808",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2001::1",
        "2001:db8::1",
        "2001:2::1",
        "100::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%lo",
        "fec0::1",
        "ff02::1",
        "4000::1",
        "no address",
    ],
)
def test_an_address_that_is_nobodys_or_ones_own_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "1.1.1.1",
        "100.128.0.1",
        "172.32.0.1",
        "2606:4700::1111",
        "2a00:1450::1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
    ],
)
def test_an_address_of_the_open_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0/",
        "http://100.64.1.1/",
    ],
)
def test_however_it_is_spelled_the_own_machine_is_not_asked(url):
    target = target_of(url, PLAIN)
    with pytest.raises(NotAllowed, match="private network"):
        addresses_of(target, PLAIN, seconds=5)
    answer = post(url, b"{}", {}, rules=PLAIN)
    assert (answer.status, answer.is_good) == (None, False)
    assert "private network" in answer.error


@pytest.mark.parametrize("found", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::1"]])
def test_a_name_that_leads_inside_is_refused_even_where_only_one_of_its_addresses_does(names, found):
    names["partner.example"] = found
    assert "private network" in post("http://partner.example/", b"{}", {}, rules=PLAIN).error


def test_a_name_that_changes_its_mind_gains_nothing(names, monkeypatch):
    """The first answer is public, each later one is this machine. One look-up is all there is, and its answer is what is asked."""
    turns = iter([["8.8.8.8"]])
    names["partner.example"] = lambda: next(turns, ["127.0.0.1"])
    connected = []

    def connect(address, *args, **options):
        connected.append(address)
        raise ConnectionRefusedError("not in a test")

    monkeypatch.setattr(socket, "create_connection", connect)
    with receiving() as server:
        answer = post(f"http://partner.example:{server.server_port}/", b"{}", {}, rules=PLAIN)
        assert server.got == []
    assert not answer.is_good
    assert connected == [("8.8.8.8", server.server_port)]
    assert names["asked"] == ["partner.example"]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://partner.example/", "https://"),
        ("ftp://partner.example/", "whole address"),
        ("partner.example/hook", "whole address"),
        ("https:///hook", "whole address"),
        ("https://", "whole address"),
        ("", "whole address"),
        ("https://pärtner.example/", "whole address"),
        ("https://partner.example/a b", "whole address"),
        ("https://partner.example/\r\nX: y", "whole address"),
        ("https://user@partner.example/", "user name"),
        ("https://user:word@partner.example/", "user name"),
        ("https://partner.example/#part", "user name"),
        ("https://partner.example\\@127.0.0.1/", "user name"),
        ("https://[fe80::1%25lo]/", "user name"),
        ("https://partner.example:22/", "Port 22"),
        ("https://partner.example:0/", "Port 0"),
        ("https://partner.example:99999/", "not an address"),
        ("https://[nothing]/", "not an address"),
        ("https://" + "a" * 600, "whole address"),
    ],
)
def test_what_is_no_proper_address_is_refused_in_words(url, reason):
    with pytest.raises(NotAllowed, match=reason):
        target_of(url, CLOSED)
    assert reason in post(url, b"", {}, rules=CLOSED).error


def test_a_private_address_may_be_asked_where_that_is_allowed():
    with receiving() as server:
        answer = post(server.url, b'{"a":1}', {"X-Webhook-Event": "order.created"}, rules=OPEN)
    assert (answer.status, answer.is_good, answer.error) == (200, True, "")
    headers, body = server.got[0]
    assert (body, headers["X-Webhook-Event"], headers["Host"]) == (
        b'{"a":1}',
        "order.created",
        f"127.0.0.1:{server.server_port}",
    )


def test_the_name_stays_in_the_request_though_an_address_is_asked(names):
    names["partner.example"] = ["127.0.0.1"]
    with receiving() as server:
        post(f"http://partner.example:{server.server_port}/hook?x=1", b"", {}, rules=OPEN)
    assert server.told("Host") == [f"partner.example:{server.server_port}"]


def test_a_redirect_is_not_followed():
    with receiving() as other, receiving(lambda number: (302, b"", {"Location": other.url})) as server:
        answer = post(server.url, b"", {}, rules=OPEN)
    assert (answer.status, answer.is_good, len(server.got), other.got) == (302, False, 1, [])


def test_a_proxy_of_the_environment_is_not_used(monkeypatch):
    with receiving() as proxy, receiving() as server:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.server_port}")
        assert post(server.url, b"", {}, rules=OPEN).is_good
    assert (len(server.got), proxy.got) == (1, [])


def test_only_the_beginning_of_a_long_answer_is_kept():
    with receiving(lambda number: (500, b"\0wrong\xff" + b"x" * 1000, {})) as server:
        answer = post(server.url, b"", {}, rules=OPEN)
    assert answer.status == 500
    assert len(answer.beginning) == 500
    assert answer.beginning.startswith("\ufffdwrong\ufffdx")


def test_no_more_than_64_kb_of_an_endless_answer_is_read(monkeypatch):
    sent, read, stopped = [], [], Event()
    read_on = posting._Stream.read

    def counted(stream, most, timeout=None):
        read.append(read_on(stream, most, timeout))
        return read[-1]

    monkeypatch.setattr(posting._Stream, "read", counted)

    def pour(connection):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
        connection.recv(65_536)
        connection.sendall(GOOD + b"Content-Length: 1000000000\r\n\r\n")
        try:
            while True:
                sent.append(connection.send(b"x" * 8192))
        finally:
            stopped.set()

    with speaking(pour) as url:
        assert post(url, b"", {}, rules=OPEN).is_good
        assert stopped.wait(10)
    body = b"".join(read).partition(b"\r\n\r\n")[2]
    assert 65_536 <= len(body) < 65_536 + 8192
    # What is on its way in the two machines' buffers is not read.
    assert sum(sent) < 8_000_000


def drip(beginning, piece, every=0.05):
    def talk(connection):
        connection.recv(65_536)
        connection.sendall(beginning)
        pause = Event()
        while not pause.wait(every):
            connection.sendall(piece)

    return talk


@pytest.mark.parametrize(
    "talk",
    [
        drip(b"", b""),
        drip(b"", b"H"),
        drip(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["silent", "status", "headers", "continue"],
)
def test_who_answers_in_drops_does_not_hold_the_store_up(hasty, talk):
    with speaking(talk) as url:
        answer = post(url, b"", {}, rules=OPEN)
    assert (answer.status, answer.is_good) == (None, False)
    assert answer.error == "There was no answer in time."


@pytest.mark.parametrize(
    ("talk", "text"),
    [
        (drip(GOOD + b"Content-Length: 100000\r\n\r\nwell", b""), "well"),
        (drip(GOOD + b"Transfer-Encoding: chunked\r\n\r\n4\r\nwell\r\n", b"1\r\n.\r\n"), "well"),
        (lambda connection: connection.sendall(GOOD + b"Content-Length: 10\r\n\r\nwell"), "well"),
    ],
    ids=["stuck", "drops", "cut off"],
)
def test_a_status_counts_although_its_body_never_ends(monkeypatch, talk, text):
    monkeypatch.setattr(posting, "_REST", 0.2)
    with speaking(talk) as url:
        answer = post(url, b"", {}, rules=OPEN)
    assert answer.is_good
    assert answer.beginning.startswith(text)


@pytest.mark.parametrize(
    "talk",
    [
        lambda connection: None,
        lambda connection: connection.sendall(b"no http at all\r\n\r\n"),
        lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 300_000),
        lambda connection: connection.sendall(b"\0" * 100),
    ],
    ids=["hangs up", "gibberish", "huge header", "zeros"],
)
def test_what_is_no_answer_is_an_error_in_words(talk):
    with speaking(talk) as url:
        answer = post(url, b"", {}, rules=OPEN)
    assert (answer.status, answer.is_good) == (None, False)
    assert answer.error


def test_a_closed_port_is_an_error_in_words():
    with receiving() as server:
        url = server.url
    assert "refused" in post(url, b"", {}, rules=OPEN).error


def test_a_name_without_an_address_is_an_error_in_words(names):
    def missing():
        raise socket.gaierror(-2, "Name or service not known")

    names["nowhere.example"] = missing
    assert "not known" in post("https://nowhere.example/", b"", {}, rules=CLOSED).error
    with pytest.raises(OSError, match="not known"):
        addresses_of(target_of("https://nowhere.example/", CLOSED), CLOSED, seconds=1)


def test_a_name_server_that_does_not_answer_is_not_waited_for(names):
    release = Event()

    def hang():
        release.wait(30)
        return ["8.8.8.8"]

    names["slow.example"] = hang
    with pytest.raises(TimeoutError):
        addresses_of(addresses.Target("slow.example", 443), CLOSED, seconds=0.05)
    release.set()


@pytest.fixture
def encrypted(tmp_path):
    """A TLS server whose certificate is for partner.example and signed by nobody; gives its port and its certificate."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=partner.example"),
            *("-addext", "subjectAltName=DNS:partner.example"),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with receiving() as server:
        server.asked_for = []
        context.sni_callback = lambda connection, name, _: server.asked_for.append(name)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        yield server, certificate


def test_a_certificate_has_to_be_the_names_and_trusted(encrypted, names, monkeypatch):
    server, certificate = encrypted
    names["partner.example"] = names["other.example"] = ["127.0.0.1"]
    good = f"https://partner.example:{server.server_port}/"
    assert "certificate" in post(good, b"", {}, rules=OPEN).error.lower()
    trusting = ssl.create_default_context(cafile=certificate)
    monkeypatch.setattr(posting, "_trusted", lambda: trusting)
    assert post(good, b"", {}, rules=OPEN).is_good
    assert server.asked_for[-1] == "partner.example"
    wrong = f"https://other.example:{server.server_port}/"
    assert "certificate" in post(wrong, b"", {}, rules=OPEN).error.lower()
    assert len(server.got) == 1


def test_threads_do_not_pile_up():
    before = threading.active_count()
    with receiving() as server:
        for _ in range(20):
            post(server.url, b"", {}, rules=OPEN)
    assert threading.active_count() - before <= 10
