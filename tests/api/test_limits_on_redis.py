"""With Redis as the cache the counts are exact, however many processes and threads ask at once."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import caches

from cryptons.api.limits import Window
from tests.api.conftest import Api

pytestmark = [pytest.mark.redis, pytest.mark.urls("tests.api.shop_window")]
PROCESSES, THREADS, EACH, MOST = 4, 10, 5, 50
ASKS = f"""
import sys, threading, time
from concurrent.futures import ThreadPoolExecutor
import django
django.setup()
from cryptons.api.limits import Window
window = Window("crowd", "somebody", {MOST}, 900)
print("ready", flush=True)
sys.stdin.readline()
with ThreadPoolExecutor({THREADS}) as pool:
    states = list(pool.map(lambda _: window.count(), range({THREADS * EACH})))
print(sum(not state.is_over for state in states), max(state.used for state in states))
"""


@pytest.fixture
def on_redis(redis_url, settings):
    shared = {"BACKEND": "cryptons.counting.CountingRedis", "LOCATION": redis_url, "KEY_PREFIX": "limits-test"}
    settings.CACHES = {**settings.CACHES, "limits": shared}
    caches["limits"].clear()


def test_of_200_simultaneous_requests_from_many_processes_exactly_the_limit_passes(redis_url, tmp_path):
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "cryptons.settings", "VAR_DIR": str(tmp_path)}
    crowd = [
        subprocess.Popen(
            [sys.executable, "-c", ASKS],
            env={**environment, "CACHE_URL": redis_url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    for process in crowd:
        assert process.stdout.readline() == "ready\n"
    for process in crowd:
        process.stdin.write("go\n")
        process.stdin.flush()
    counted = [process.communicate(timeout=60)[0].split() for process in crowd]
    assert sum(int(passed) for passed, _ in counted) == MOST
    assert max(int(used) for _, used in counted) == PROCESSES * THREADS * EACH


def test_of_many_requests_to_the_api_at_once_exactly_the_limit_passes(on_redis, settings, db):
    settings.RATELIMIT_API = (7, 900)
    Api(address="192.0.2.1").get("/test/numbers")  # what is made once in a process is made
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: Api().get("/test/numbers"), range(30)))
    assert sorted(answer.status for answer in answers) == [200] * 7 + [429] * 23
    left = sorted(int(answer.headers["RateLimit-Remaining"]) for answer in answers if answer.status == 200)
    assert left == list(range(7))


def test_a_window_ends_by_itself(on_redis):
    window = Window("short", "somebody", 1, 1)
    assert [window.count().is_over for _ in range(2)] == [False, True]
    state = window.look()
    assert (state.used, state.reset) == (2, 1)
    caches["limits"]._cache.get_client(None, write=True).pexpire("limits-test:1:" + window.key, 0)
    assert window.look().used == 0
    assert not window.count().is_over
