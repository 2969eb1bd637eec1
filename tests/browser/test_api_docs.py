"""The page to try the API does what it says, on a phone, under the same policy as every other page."""

import json

import httpx
import pytest

from tests.browser.test_page_policy import Strict

pytestmark = pytest.mark.browser


def execute(page, operation):
    """Open an operation, send it as it stands, and return status and body of the answer."""
    place = page.locator(f"#operations-{operation}")
    place.locator(".opblock-summary-control").click()
    place.get_by_role("button", name="Try it out").click()
    place.get_by_role("button", name="Execute").click()
    answer = place.locator(".live-responses-table tbody tr").first
    answer.locator(".response-col_status").wait_for()
    status = answer.locator(".response-col_status").inner_text().split()[0]
    return status, json.loads(answer.locator(".highlight-code code").first.inner_text())


def test_somebody_signs_in_on_the_page_and_tries_what_they_read(store, phone):
    account = {"username": "ada", "email": "ada@example.org", "password": "three unrelated words"}
    token = httpx.post(f"{store.url}/api/auth/register", json=account).json()["data"]["token"]
    strict = Strict(phone, store.url)
    page = strict.open("/api/docs")
    page.locator("#operations-products-products_get").wait_for()
    status, answer = execute(page, "products-products_get")
    assert (status, [product["name"] for product in answer["data"]]) == ("200", ["Mortar"])

    page.get_by_role("button", name="Authorize").first.click()
    page.locator("#auth-bearer-value").fill(token)
    page.locator(".auth-btn-wrapper").get_by_role("button", name="Apply credentials").first.click()
    page.locator(".close-modal").click()
    status, answer = execute(page, "auth-auth_profile_get")
    assert (status, answer["data"]["email"]) == ("200", "ada@example.org")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert strict.complaints == []
