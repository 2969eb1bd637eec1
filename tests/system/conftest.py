"""A store that is filled once a test run and copied for each test."""

import shutil

import pytest

from tests.system.store import Store


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("filled")
    Store(folder).fill()
    return folder


@pytest.fixture
def store(filled, tmp_path):
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    store = Store(tmp_path)
    yield store.start()
    store.sweep()
