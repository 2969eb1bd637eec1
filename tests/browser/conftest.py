"""A phone in front of a running store. Chromium is the system's, so nothing is downloaded."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.conftest import chromium
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


@pytest.fixture
def phone():
    with sync_playwright() as playwright:
        # Without Chromium's own sandbox, which a container as root cannot have; it opens only our own pages.
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"], env={**os.environ})
        yield browser.new_context(
            viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True, locale="en-GB"
        )
        browser.close()
