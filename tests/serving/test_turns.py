"""Of many who want the same at once one is answered anew; the others get what was made for it, where that will do for them."""

import asyncio
import threading
from dataclasses import dataclass, field

import pytest

from cryptons.serving import application
from cryptons.serving.application import Application
from tests.serving.test_serving import Wire, scope


@dataclass
class Answer:
    body: bytes
    status: int = 200
    headers: list = field(default_factory=list)


class Store:
    """A store whose page is made when the test lets it, and known from then on where `keeps` says so."""

    def __init__(self, *, keeps=True):
        self.keeps, self.made, self.known = keeps, 0, None
        self.may_go = threading.Event()
        self.lock = threading.Lock()

    def wsgi(self, environ, start_response):
        assert self.may_go.wait(10)
        with self.lock:
            self.made += 1
            body = b"answer %d" % self.made
        if self.keeps:
            self.known = Answer(body)
        start_response("200 OK", [])
        return [body]

    def name(self, environ):
        return None if "HTTP_COOKIE" in environ else environ["PATH_INFO"]

    def was_kept(self, name):
        return self.known is not None

    async def find(self, environ):
        return self.known


def all_at_once(store, *requests):
    """Return what each got; the store makes nothing before all of them are there."""
    wires = [Wire() for _ in requests]

    async def main():
        application = Application(store.wsgi, threads=4, known=store)
        application.__rsgi_init__(asyncio.get_running_loop())
        tasks = [asyncio.create_task(application.__rsgi__(*pair)) for pair in zip(requests, wires, strict=True)]
        while store.made == 0:
            await asyncio.sleep(0)
            store.may_go.set()
        async with asyncio.timeout(10):
            await asyncio.gather(*tasks)

    asyncio.run(main())
    return [wire.got[2] for wire in wires]


def test_twenty_who_want_the_same_have_it_made_once():
    store = Store()
    assert all_at_once(store, *[scope() for _ in range(20)]) == [b"answer 1"] * 20
    assert store.made == 1


def test_what_is_for_its_sender_alone_is_made_for_each():
    store = Store()
    assert sorted(all_at_once(store, *[scope(("cookie", "a=1")) for _ in range(3)])) == [
        b"answer 1",
        b"answer 2",
        b"answer 3",
    ]


@pytest.mark.parametrize("number", [2, 12])
def test_what_does_for_nobody_else_is_made_for_each_who_waited(number):
    store = Store(keeps=False)
    assert len(set(all_at_once(store, *[scope() for _ in range(number)]))) == number


def test_who_is_ahead_and_fails_leaves_the_others_their_turn():
    store = Store()
    whole = store.wsgi

    def fails_first(environ, start_response):
        if environ["QUERY_STRING"] == "fails":
            assert store.may_go.wait(10)
            raise RuntimeError("nothing comes of it")
        return whole(environ, start_response)

    store.wsgi = fails_first
    first, second = all_at_once(store, scope(query_string="fails"), scope())
    assert (first, second) == (b"Something went wrong in the store.", b"answer 1")


def test_who_waits_for_somebody_who_hangs_goes_on_alone(monkeypatch):
    monkeypatch.setattr(application, "_TRIAL", 0.01)
    store, hangs = Store(), threading.Event()
    whole = store.wsgi

    def hangs_first(environ, start_response):
        if environ["QUERY_STRING"] == "hangs":
            assert hangs.wait(10)
        answer = whole(environ, start_response)
        hangs.set()
        return answer

    store.wsgi = hangs_first
    assert all_at_once(store, scope(query_string="hangs"), scope()) == [b"answer 2", b"answer 1"]
