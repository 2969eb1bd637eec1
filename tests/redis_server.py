"""A Redis of the test run's own."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.nodes import free_port


@contextmanager
def redis_server(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve in memory, on `port` or a free one, and give the URL; REDIS_URL_FOR_TESTS may name one to use instead."""
    if not port and (url := os.environ.get("REDIS_URL_FOR_TESTS")):
        yield url
        return
    port = port or free_port()
    command = [shutil.which("redis-server"), "--port", str(port), "--save", "", "--dir", str(folder)]
    process = subprocess.Popen([*command, "--bind", "127.0.0.1"], stdout=subprocess.DEVNULL)
    url = f"redis://127.0.0.1:{port}/0"
    deadline = time.monotonic() + 30
    while not _answers(url):
        assert time.monotonic() < deadline, "redis-server does not answer"
    try:
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


def _answers(url: str) -> bool:
    try:
        return bool(Redis.from_url(url).ping())
    except RedisError:
        return False
