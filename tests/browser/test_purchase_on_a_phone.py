"""A guest with a phone buys, pays from the play wallet, and watches the payment page turn to paid."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.system.store import Guest

pytestmark = pytest.mark.browser
SECONDS = 1000


class Watched:
    """Notes what a page should not do: errors in its scripts, requests to anybody else, contents wider than the screen."""

    def __init__(self, context, hosts):
        self.hosts, self.troubles = hosts, []
        context.on("weberror", lambda error: self.troubles.append(f"script: {error.error}"))
        context.on("console", self._hear)
        context.on("request", self._see)

    def check(self, page):
        page.wait_for_load_state("load")  # before its style sheet is there, any page is too wide
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{page.url} is {wider} px wider than the screen"
        assert self.troubles == []

    def _hear(self, message):
        if message.type == "error":
            self.troubles.append(f"console: {message.text}")

    def _see(self, request):
        url = urlsplit(request.url)
        if url.scheme in {"http", "https"} and url.netloc not in self.hosts:
            self.troubles.append(f"request to {request.url}")


def fill_in_address(page):
    for name, value in Guest.address.items():
        field = page.locator(f"main [name={name}]")
        field.select_option(value) if name == "country" else field.fill(value)


def test_a_guest_buys_on_a_phone_and_sees_the_payment_arrive(store, phone):
    watched = Watched(phone, {urlsplit(store.url).netloc, urlsplit(store.wallet_url).netloc})
    page = phone.new_page()
    page.set_default_timeout(20 * SECONDS)

    page.goto(store.url)
    watched.check(page)
    page.get_by_role("link", name="Mortar").first.click()
    watched.check(page)
    page.get_by_role("button", name="Add to cart").click()
    expect(page.locator("#cart-feedback")).to_contain_text("cart")
    page.goto(f"{store.url}/cart/")
    expect(page.get_by_role("main")).to_contain_text("€12.50")
    watched.check(page)
    page.get_by_role("main").get_by_role("link", name=re.compile("check", re.IGNORECASE)).first.click()
    fill_in_address(page)
    watched.check(page)
    page.get_by_role("button", name="Place the order").click()

    expect(page.get_by_role("heading", name="Waiting for payment")).to_be_visible()
    watched.check(page)
    with phone.expect_page() as opened:
        page.get_by_role("link", name="Pay with the play wallet").click()
    wallet = opened.value
    wallet.get_by_role("button", name="Pay", exact=True).click()
    expect(wallet.get_by_role("status")).to_contain_text("waits for a block")
    watched.check(wallet)

    # Nobody reloads: the page hears of it by itself, and so does whoever reads it aloud or looks at the tab.
    seen = page.get_by_role("heading", name=re.compile("Seen, waiting for confirmation"))
    expect(seen).to_be_in_viewport(ratio=1, timeout=20 * SECONDS)
    expect(seen).to_be_focused()  # the link that had the focus is gone
    # Whoever has read on to the foot of the page finds the news in sight, however much shorter the page became.
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    wallet.get_by_role("button", name="Mine a block").click()
    expect(page.get_by_role("heading", name="Paid")).to_be_in_viewport(ratio=1, timeout=20 * SECONDS)
    expect(page).to_have_title(re.compile("Paid"))
    watched.check(page)
    assert store.rows("SELECT status FROM orders_order") == [("processing",)]
