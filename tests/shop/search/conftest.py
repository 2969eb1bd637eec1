"""The engines that keep the contract: each test that asks for `engine` runs once with every engine that is there."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from importlib import import_module

import pytest

from shop.search import asking
from shop.search.choice import chosen_engine
from shop.search.engine import Document, Engine

# Each module has `fresh_engine()`: a context that gives an engine of its own, without an index, and removes all of it afterwards.
_ENGINES = {"tantivy": "tests.shop.search.tantivy_engine", "elasticsearch": "tests.shop.search.elasticsearch_engine"}


def _engines() -> list[object]:
    away = pytest.mark.skipif(
        not os.environ.get("TEST_ELASTICSEARCH_URL"),
        reason="TEST_ELASTICSEARCH_URL does not name a server to test with",
    )
    return ["tantivy", pytest.param("elasticsearch", marks=[pytest.mark.elasticsearch, away])]


@pytest.fixture(params=_engines())
def empty(request: pytest.FixtureRequest, tmp_path) -> Iterator[Engine]:
    """An engine without an index."""
    fresh: Callable[..., AbstractContextManager[Engine]] = import_module(_ENGINES[request.param]).fresh_engine
    with fresh(tmp_path) as engine:
        yield engine


@pytest.fixture
def engine(empty: Engine) -> Engine:
    """An engine with an index that holds nothing."""
    empty.rebuild([])
    return empty


@pytest.fixture
def holding(engine: Engine) -> Callable[..., Engine]:
    """Return a function that puts documents into the engine and returns it."""

    def fill(*documents: Document) -> Engine:
        engine.apply(put=documents, remove=[])
        return engine

    return fill


@pytest.fixture
def index(settings, tmp_path) -> Iterator[Engine]:
    """The embedded engine as the store's own, in a folder of the test's."""
    settings.VAR_DIR = tmp_path
    asking.wake()
    yield chosen_engine()
    asking.wake()
