"""Pages that nobody reloads: an order's pages hear over their line, and ask by themselves where there is none."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_purchase_on_a_phone import SECONDS, Watched, fill_in_address

pytestmark = pytest.mark.browser


def buy(page, store):
    page.goto(f"{store.url}/p/mortar/")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.locator("#cart-feedback")).to_contain_text("cart")
    page.goto(f"{store.url}/checkout/")
    fill_in_address(page)
    page.get_by_role("button", name="Place the order").click()
    expect(page.get_by_role("heading", name="Waiting for payment")).to_be_visible()
    return page.locator("a[href^='bitcoin:']").get_attribute("href")


def test_pages_turn_to_paid_with_a_line_and_without_one(store, phone):
    watched = Watched(phone, {store.url.removeprefix("http://")})
    phone.set_default_timeout(30 * SECONDS)
    with_line, without = phone.new_page(), phone.new_page()
    link = buy(with_line, store)
    pay_page = with_line.url

    lines = []
    without.route(re.compile("/events/$"), lambda route: (lines.append(route), route.fulfill(status=503)))
    without.goto(pay_page)
    order_without = phone.new_page()
    order_without.route(re.compile("/events/$"), lambda route: (lines.append(route), route.fulfill(status=503)))
    with_line.get_by_role("link", name="See the order").click()
    expect(with_line.locator("#order-now")).to_be_visible()
    order_without.goto(with_line.url)
    expect(with_line.locator("#order-now .badge")).to_have_text("Waiting for payment")
    store.pay(link)
    expect(with_line.locator("#order-history")).to_contain_text("seen, waiting for confirmation")
    expect(without.get_by_role("heading", name=re.compile("Seen, waiting for confirmation"))).to_be_visible()
    store.mine()
    expect(with_line.locator("#order-now .badge")).to_have_text("Being prepared")
    expect(with_line.locator("#order-payment")).to_contain_text("Paid")
    expect(with_line.locator("#order-cancel summary")).to_have_count(0)
    expect(without.get_by_role("heading", name="Paid")).to_be_visible()
    expect(order_without.locator("#order-now .badge")).to_have_text("Being prepared", timeout=30 * SECONDS)
    assert len(lines) >= 2
    # The browser itself says in its console what the second page was answered.
    assert [trouble for trouble in watched.troubles if "503" not in trouble] == []
