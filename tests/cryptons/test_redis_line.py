"""Lines to Redis that break: before a command nothing is noticed, and after it nothing is done twice."""

import asyncio
import socket
from contextlib import contextmanager
from select import select
from threading import Event, Thread

import pytest
from redis import Redis
from redis.exceptions import RedisError

from cryptons.redis_line import LoopLine, RedisLine
from tests.nodes import free_port

pytestmark = pytest.mark.redis
KEY = "test:redis-line"


class Between:
    """Hands everything on between one line at a time and Redis. Where `lose` is set it breaks the line once, instead of answering."""

    def __init__(self, redis_url):
        self.lose = Event()
        self._far = (redis_url.split("/")[2].partition(":")[0], int(redis_url.split("/")[2].partition(":")[2]))
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"redis://127.0.0.1:{self._door.getsockname()[1]}/0"
        Thread(target=self._serve, daemon=True).start()

    def close(self):
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _serve(self):
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            with near, socket.create_connection(self._far) as far:
                self._hand_on(near, far)

    def _hand_on(self, near, far):
        while True:
            for end in select([near, far], [], [])[0]:
                data = end.recv(65_536)
                if not data:
                    return
                if end is far and self.lose.is_set():
                    self.lose.clear()
                    return
                (far if end is near else near).sendall(data)


@pytest.fixture
def redis(redis_url):
    redis = Redis.from_url(redis_url)
    redis.delete(KEY)
    return redis


@pytest.fixture
def between(redis_url):
    between = Between(redis_url)
    yield between
    between.close()


@contextmanager
def plain(url):
    line = RedisLine(url, patience=5)
    yield lambda: line.ask("INCR", KEY)


@contextmanager
def in_a_loop(url):
    with asyncio.Runner() as runner:
        line = LoopLine(url, patience=5)

        async def count():
            await asyncio.sleep(0)  # the loop stood still meanwhile: let it hear what happened
            return (await line.ask([("INCR", KEY)]))[0]

        yield lambda: runner.run(count())


both = pytest.mark.parametrize("kind", [plain, in_a_loop])


@both
def test_a_command_whose_answer_was_lost_is_not_sent_again(kind, between, redis):
    with kind(between.url) as count:
        assert count() == 1
        between.lose.set()
        with pytest.raises(RedisError):
            count()
        assert redis.get(KEY) == b"2"
        assert count() == 3


@both
def test_a_line_that_was_closed_meanwhile_is_opened_again(kind, redis_url, redis):
    with kind(redis_url) as count:
        assert count() == 1
        redis.client_kill_filter(_type="normal", skipme=True)
        assert count() == 2


@both
def test_where_redis_is_away_it_says_so(kind):
    with kind(f"redis://127.0.0.1:{free_port()}/0") as count, pytest.raises(RedisError):
        count()
