"""Lines of events on the running store: what is told when, to whom, and how a line ends."""

import json
import queue
import shutil
import socket
import threading

import httpx
import pytest

from tests.api.buying import ADDRESS
from tests.system.store import Store, until


class Listener:
    """Somebody who listens to one address; `next` waits for what comes, None is the end of the line."""

    def __init__(self, url, **headers):
        self.heard = queue.Queue()
        self.status = None
        self.begun = threading.Event()
        self.stream = httpx.stream("GET", url, headers=headers, timeout=60, trust_env=False)
        threading.Thread(target=self._listen, daemon=True).start()
        assert self.begun.wait(60)

    def _listen(self):
        try:
            with self.stream as answer:
                self.status = answer.status_code
                self.begun.set()
                for line in answer.iter_lines():
                    if line:
                        self.heard.put(line)
            self.heard.put(None)
        except httpx.HTTPError as error:
            self.heard.put(repr(error))

    def next(self, start):
        """Return the rest of the next line that begins with `start`; for None, wait for the end."""
        while (line := self.heard.get(timeout=60)) is not None and not line.startswith(start or "\0"):
            assert "Error" not in line, line
        return line and line.removeprefix(start)

    def state(self):
        """Return the next event as its id and what it says in short."""
        number = int(self.next("id: "))
        assert self.next("event: ") == "order"
        said = json.loads(self.next("data: "))
        payment = said["payment"]
        return number, (said["status"], said["paymentStatus"], payment["status"], payment["confirmations"])


class Buyer:
    """Somebody with an account and a program."""

    def __init__(self, store, name):
        self.http = httpx.Client(base_url=f"{store.url}/api", timeout=60, trust_env=False)
        account = {"username": name, "email": f"{name}@example.org", "password": "three unrelated words"}
        self.token = self.send("post", "/auth/register", json=account)["token"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    def send(self, method, path, **content):
        answer = self.http.request(method, path, **content)
        assert answer.status_code < 300, answer.text
        return answer.json()["data"]

    def order(self):
        product = self.send("get", "/products")[0]["id"]
        wish = {"items": [{"productId": product, "quantity": 1}], "cryptocurrency": "BTC", "shippingAddress": ADDRESS}
        return self.send("post", "/orders", json=wish)

    def listen(self, order, **headers):
        url = f"{self.http.base_url}orders/{order['orderNumber']}/events"
        return Listener(url, **{"Authorization": f"Bearer {self.token}", "Accept": "text/event-stream", **headers})


SETTINGS = {
    "EVENTS_PER_CLIENT": "4",
    "EVENTS_COMMENT_SECONDS": "1",
    "EVENTS_RECHECK_SECONDS": "1",
    "PAYMENT_CONFIRMATIONS": "0:2",
    "RATELIMIT_AUTH": "50/15m",
}


@pytest.fixture(scope="module")
def open_store(filled, tmp_path_factory):
    """A store that several tests use and none stops."""
    folder = tmp_path_factory.mktemp("open")
    shutil.copytree(filled, folder, dirs_exist_ok=True)
    store = Store(folder, **SETTINGS)
    yield store.start()
    store.sweep()


def test_a_purchase_is_told_while_it_happens(open_store):
    store = open_store
    buyer, stranger = Buyer(store, "buyer"), Buyer(store, "stranger")
    order = buyer.order()
    line = buyer.listen(order)
    first, state = line.state()
    assert (line.status, state) == (200, ("pending", "unpaid", "new", 0))
    assert line.next(": ") == "nothing new"
    store.pay(order["payment"]["uri"])
    seen, state = line.state()
    assert state == ("pending", "confirming", "seen", 0)
    store.mine()
    deeper, state = line.state()
    assert state == ("pending", "confirming", "seen", 1)
    store.mine()
    paid, state = line.state()
    assert state == ("processing", "paid", "settled", 2)
    assert first < seen < deeper < paid
    again = buyer.listen(order, **{"Last-Event-ID": str(seen)})
    assert again.state() == (paid, ("processing", "paid", "settled", 2))
    assert stranger.listen(order).status == 404
    assert buyer.listen(order, Authorization="").status == 401
    other = buyer.listen(order, **{"Last-Event-ID": str(paid)})
    assert other.heard.get(timeout=60) == "retry: 3000"
    assert other.heard.get(timeout=60) == ": nothing new"


def test_signing_out_ends_the_line(open_store):
    store = open_store
    buyer = Buyer(store, "leaver")
    order = buyer.order()
    line = buyer.listen(order)
    assert line.state()[1] == ("pending", "unpaid", "new", 0)
    buyer.send("post", "/auth/logout")
    assert line.next(None) is None
    assert buyer.listen(order).status == 401


def test_a_client_that_leaves_makes_room_for_another(open_store):
    buyer = Buyer(open_store, "guest")
    order = buyer.order()
    lines = [raw_line(open_store, buyer, order) for _ in range(4)]
    assert buyer.listen(order).status == 429
    lines[0].close()
    until(lambda: buyer.listen(order).status == 200, what="the line that was left is forgotten")
    for line in lines[1:]:
        line.close()


def raw_line(store, buyer, order):
    """Open a line and return its socket once the first bytes came."""
    line = socket.create_connection(("127.0.0.1", store.port), timeout=60)
    head = f"GET /api/orders/{order['id']}/events HTTP/1.1\r\nHost: 127.0.0.1:{store.port}\r\n"
    line.sendall(f"{head}Authorization: Bearer {buyer.token}\r\n\r\n".encode())
    assert line.recv(12) == b"HTTP/1.1 200"
    return line


def test_a_large_body_reaches_its_view_whole(open_store):
    store = open_store
    filler = "x" * 300_000
    answer = httpx.post(f"{store.url}/api/auth/login", json={"email": "a@example.org", "password": "p", "z": filler})
    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["error"]["details"]] == ["z"]


def test_a_stop_ends_every_line_at_once(store):
    buyer = Buyer(store, "buyer")
    order = buyer.order()
    lines = [buyer.listen(order) for _ in range(3)]
    assert {line.state()[1] for line in lines} == {("pending", "unpaid", "new", 0)}
    assert store.stop() == 0
    assert [line.next(None) for line in lines] == [None] * 3
    assert "refused to gracefully stop" not in store.said
    assert store.processes() == []
