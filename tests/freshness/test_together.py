"""Requests that wait at the same moment ask Redis in one trip, and each is told what is true after it came."""

import asyncio

import pytest
from django.core.cache import caches
from django.test import RequestFactory
from redis import Redis

from cryptons import freshness
from cryptons.api.limits import Window, for_strangers
from cryptons.freshness.board import RedisBoard
from cryptons.pagecache.answering import ASKED, quick_answer, quick_answer_soon
from cryptons.pagecache.together import Together
from shop.services import take_stock
from tests.factories import ProductFactory
from tests.nodes import free_port
from tests.redis_server import redis_server

pytestmark = pytest.mark.redis
ADA, BOB = (Window("together", who, 50, 900) for who in ("ada", "bob"))


@pytest.fixture
def on_redis(redis_url, settings):
    shared = {"BACKEND": "cryptons.counting.CountingRedis", "LOCATION": redis_url, "KEY_PREFIX": "together-test"}
    settings.CACHES = {**settings.CACHES, "limits": shared}
    caches["limits"].clear()
    return redis_url


@pytest.fixture
def board(on_redis):
    board = RedisBoard(on_redis)
    board.read()
    return board


class Watched(Together):
    """Notes its trips; each goes home only when `gate` is open."""

    def __init__(self, url):
        super().__init__(url)
        self.trips, self.gate, ask = [], asyncio.Event(), self._line.ask
        self.gate.set()

        async def watched(commands):
            self.trips.append(len(commands))
            answers = await ask(commands)
            await self.gate.wait()
            return answers

        self._line.ask = watched


def test_all_who_wait_at_the_same_moment_make_one_trip(on_redis, board):
    async def crowd():
        together = Watched(on_redis)
        found = await asyncio.gather(*(together.find(None) for _ in range(100)))
        return together.trips, {one.state.marks for one in found}

    assert asyncio.run(crowd()) == ([1], {board.read()})


def test_who_comes_while_a_trip_is_under_way_is_told_what_is_true_after_that(on_redis, board):
    async def two():
        together = Watched(on_redis)
        together.gate.clear()
        early = asyncio.create_task(together.find(None))
        while not together.trips:
            await asyncio.sleep(0)
        before = board.read()
        board.renew([80])
        late = asyncio.create_task(together.find(None))
        await asyncio.sleep(0)
        together.gate.set()
        return before, (await early).state.marks, (await late).state.marks, together.trips

    before, early, late, trips = asyncio.run(two())
    assert (late, trips) == (board.read(), [1, 1])
    assert early in {before, late}
    assert before != late


def test_each_of_many_requests_is_counted_once_and_exactly_the_limit_passes(on_redis, board):
    async def crowd():
        together = Watched(on_redis)
        windows = [ADA, BOB, None] * 40
        found = await asyncio.gather(*(together.find(window) for window in windows))
        return together.trips, list(zip(windows, found, strict=True))

    ADA.count()
    trips, found = asyncio.run(crowd())
    assert trips == [3]
    for window, used in ((ADA, range(2, 42)), (BOB, range(1, 41))):
        assert [one.count.used for asked, one in found if asked == window] == list(used)
    assert all(one.count is None for asked, one in found if asked is None)
    assert [ADA.count().used, BOB.look().used] == [42, 40]
    assert 899 <= ADA.look().reset <= 900


def test_several_loops_and_threads_at_once_lose_no_count(on_redis, board):
    async def crowd():
        together, threads = [Together(on_redis) for _ in range(3)], asyncio.to_thread
        many = [one.find(ADA) for one in together for _ in range(20)]
        found = await asyncio.gather(*many, *(threads(ADA.count) for _ in range(20)))
        return [one.used if hasattr(one, "used") else one.count.used for one in found]

    assert sorted(asyncio.run(crowd())) == list(range(1, 81))


def test_while_redis_is_away_nothing_is_known_and_it_is_left_alone(on_redis):
    async def two():
        together = Watched(f"redis://127.0.0.1:{free_port()}/0")
        found = [await together.find(ADA), await together.find(None)]
        return together.trips, [(bool(one.state), one.count) for one in found]

    assert asyncio.run(two()) == ([2], [(False, None)] * 2)


def test_a_redis_that_went_and_came_back_is_used_again(on_redis, tmp_path):
    async def ask(together):
        return bool((await together.find(None)).state)

    async def goes_and_comes():
        port, seen = free_port(), []
        together = Together(f"redis://127.0.0.1:{port}/0")
        for _ in range(2):
            with redis_server(tmp_path, port) as url:
                RedisBoard(url).read()
                together._away_until = 0.0
                seen.append(await ask(together))
            seen.append(await ask(together))
        return seen

    assert asyncio.run(goes_and_comes()) == [True, False, True, False]


def test_a_line_that_redis_closed_is_opened_again(on_redis, board):
    async def cut():
        together = Together(on_redis)
        await together.find(None)
        await asyncio.to_thread(Redis.from_url(on_redis).client_kill_filter, _type="normal", skipme=True)
        return (await together.find(None)).state.marks

    assert asyncio.run(cut()) == board.read()


class TestAnswers:
    """What is answered from the loop is what the other ways answer."""

    @pytest.fixture(autouse=True)
    def _shop(self, transactional_db, settings, board, monkeypatch):
        settings.PAGE_CACHE_SECONDS = 600
        settings.RATELIMIT_API = (5, 900)
        monkeypatch.setattr(freshness, "board", lambda: board)
        self.url = settings.CACHES["limits"]["LOCATION"]
        self.mug = ProductFactory(name="Mug", slug="mug", stock=20)

    def soon(self, client, path):
        """Return what the loop answers to a request, and what the long way does where it has nothing."""
        meta = RequestFactory().get(path).META | {ASKED: True}
        quick = asyncio.run(quick_answer_soon(meta, "http", Together(self.url)))
        if quick is not None:
            return quick.status, dict(quick.headers), quick.body
        own = {name: value for name, value in meta.items() if name.startswith("cryptons.")}
        slow = client.get(path, **own)
        return -slow.status_code, dict(slow.items()), slow.content

    @pytest.mark.parametrize("path", ["/p/mug/", "/api/products", "/api/products/mug"])
    def test_it_is_the_same_answer(self, client, path):
        first = client.get(path)
        status, headers, body = self.soon(client, path)
        assert (status, body) == (200, first.content)
        own = {"X-Request-ID", "RateLimit-Remaining", "RateLimit-Reset"}
        assert {k: v for k, v in headers.items() if k not in own} == {k: v for k, v in first.items() if k not in own}
        assert quick_answer(RequestFactory().get(path).META, "http").body == body

    def test_after_a_change_it_is_made_anew_and_its_sender_counted_once(self, client):
        path = "/api/products/mug"
        client.get(path)
        assert self.soon(client, path)[1]["RateLimit-Remaining"] == "3"
        take_stock(items=[(self.mug.pk, 1)])
        status, headers, body = self.soon(client, path)
        assert (status, headers["RateLimit-Remaining"]) == (-200, "2")
        assert b'"stock":19' in body
        assert self.soon(client, path)[:2][0] == 200

    def test_who_waits_for_another_and_is_looked_up_again_is_counted_once(self, client):
        path = "/api/products/mug"
        client.get(path)
        take_stock(items=[(self.mug.pk, 1)])
        waiting = RequestFactory().get(path).META

        async def looked_up():
            return await quick_answer_soon(waiting, "http", Together(self.url))

        assert asyncio.run(looked_up()) is None
        client.get(path)
        assert dict(asyncio.run(looked_up()).headers)["RateLimit-Remaining"] == "3"
        assert for_strangers({"REMOTE_ADDR": "127.0.0.1"}).look().used == 3

    def test_who_asks_too_often_is_refused_and_counted_once(self, client):
        path = "/api/products"
        answers = [client.get(path).status_code, *(self.soon(client, path)[0] for _ in range(6))]
        assert answers == [200, 200, 200, 200, 200, -429, -429]
        assert for_strangers({"REMOTE_ADDR": "127.0.0.1"}).look().used == 7

    def test_what_is_not_kept_is_not_counted_before_its_time(self, client):
        assert self.soon(client, "/api/products")[1]["RateLimit-Remaining"] == "4"
