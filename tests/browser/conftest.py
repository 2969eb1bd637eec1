"""A phone in front of a running store. Chromium is the system's, so nothing is downloaded."""

import pytest
from playwright.sync_api import sync_playwright

from tests.conftest import chromium
from tests.system.conftest import filled, store

__all__ = ["filled", "store"]


@pytest.fixture
def phone():
    with sync_playwright() as playwright:
        # Without Chromium's own sandbox, which a container as root cannot have; it opens only our own pages.
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser.new_context(
            viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True, locale="en-GB"
        )
        browser.close()
