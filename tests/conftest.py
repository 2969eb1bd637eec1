"""Fixtures every part of the test suite may use, and the programs that some tests need."""

import os
import shutil
from collections.abc import Iterator
from ctypes.util import find_library
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import AppConfig, apps
from django.conf import settings
from django.core.cache import caches
from django.core.signals import setting_changed
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from accounts.services.remembering import sessions
from cryptons import freshness
from cryptons.pagecache.shelves import shelf
from cryptons.templatetags import parts
from shop.search import asking
from tests.nodes import RealNode, SandboxUnderTest, bitcoind
from tests.redis_server import redis_server


def chromium() -> str | None:
    """Return the path of Chromium, from CHROMIUM or PATH."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests that need a program that is not here say so and step aside; begin with those that take long."""
    items.sort(key=lambda item: item.path.parent.name not in {"system", "browser"})
    absent = {}
    if not find_library("atomic"):
        absent["browser"] = "Playwright's driver needs libatomic (apt install libatomic1)"
    if not chromium():
        absent["browser"] = "Chromium is not installed (apt install chromium, or name it by CHROMIUM)"
    if not bitcoind():
        absent["node"] = "bitcoind is not installed (put it on PATH, or name it by BITCOIND)"
    if not (os.environ.get("REDIS_URL_FOR_TESTS") or shutil.which("redis-server")):
        absent["redis"] = "redis-server is not installed (put it on PATH, or name one to empty by REDIS_URL_FOR_TESTS)"
    for item in items:
        for marker, reason in absent.items():
            if marker in item.keywords:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """What one test's rows put into the cache is nothing to the next."""
    for cache in caches.all():
        cache.clear()
    freshness.tell_all()
    shelf().clear()
    sessions().clear()


@pytest.fixture(autouse=True)
def _no_search_index() -> None:
    """The index that one test made knows nothing of the next one's products: without an index the database searches."""
    folder = settings.VAR_DIR / "search"
    if folder.exists():
        shutil.rmtree(folder)
    asking.wake()


@receiver(setting_changed)
def _draw_anew(**_: Any) -> None:
    """A part shows what it is given and what the settings say, which change in tests alone."""
    parts.remembered.clear()


@receiver(post_migrate)
def _make_groups_again(sender: AppConfig, **_: Any) -> None:
    """A test with threads ends by emptying all tables; then the groups of the staff, which a migration made, are made again."""
    if sender.name == "accounts":
        import_module("accounts.migrations.0003_staff_groups").make_groups(apps, None)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a Redis to test with."""
    with redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def sandbox_node(tmp_path: Path) -> Iterator[SandboxUnderTest]:
    """A fresh sandbox node on a free port, with wallets `store` and `customer`."""
    sandbox = SandboxUnderTest(tmp_path / "sandbox")
    yield sandbox
    sandbox.stop()


@pytest.fixture(scope="session")
def real_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealNode]:
    """A real node with the same two wallets; skips where none is installed."""
    binary = bitcoind()
    if binary is None:
        pytest.skip("no bitcoind on PATH and BITCOIND is not set")
    node = RealNode(binary, tmp_path_factory.mktemp("bitcoind"))
    yield node
    node.stop()
