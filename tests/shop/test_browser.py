"""The shelves and the cart in a real browser: smooth with script, whole without."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import chromium
from tests.factories import CategoryFactory, ProductFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; the database is still used from one thread at a time.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(browser: Browser, request, live_server) -> Iterator[Page]:
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=request.param, viewport={"width": 320, "height": 700}
    )
    context.set_default_timeout(10_000)
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    opened.on("request", lambda sent: problems.append(sent.url) if not sent.url.startswith(live_server.url) else None)
    yield opened
    context.close()
    assert problems == []


@pytest.fixture
def shelf():
    coffee = CategoryFactory(name="Coffee", slug="coffee")
    for number in range(13):
        named = {
            "name": f"Cup {number:02}",
            "slug": f"cup-{number}",
            "sku": f"CUP-{number:02}",
        }  # found by the SKU, too
        ProductFactory(category=coffee, **named, price=f"{10 + number}.00", stock=3)


def test_filters_narrow_the_list_and_pages_keep_them(page: Page, shelf):
    page.goto("/products/")
    page.get_by_label("Price from").fill("11")
    page.get_by_label("Sort by").select_option("-price")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#listing")).to_contain_text("12 products")
    expect(page.locator(".product-card__name").first).to_have_text("Cup 12")
    page.get_by_role("link", name="From €11.00").click()
    expect(page.locator("#listing")).to_contain_text("12 of 13 products")
    page.get_by_role("link", name="Next").click()
    expect(page.locator(".product-card__name")).to_have_text(["Cup 00"])
    assert "sort=-price" in page.url
    assert "page=2" in page.url
    page.go_back()
    expect(page.locator(".product-card__name").first).to_have_text("Cup 12")


def test_a_cart_is_filled_changed_emptied_and_brought_back(page: Page, shelf):
    page.goto("/p/cup-1/")
    page.get_by_label("Pieces").fill("2")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_text("Cup 01: 2 pieces in your cart.").first).to_be_visible()
    expect(page.locator("#cart-link .count")).to_have_text("2")
    page.goto("/cart/")
    page.get_by_role("button", name="One piece more of Cup 01").click()
    expect(page.locator(".totals__sum.figure")).to_have_text("€33.00")
    expect(page.get_by_role("button", name="One piece more of Cup 01")).to_be_disabled()
    page.get_by_role("button", name="Remove Cup 01").click()
    expect(page.get_by_text("There is nothing in your cart")).to_be_visible()
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_label("Pieces of Cup 01")).to_have_value("3")
    expect(page.locator("#cart-link .count")).to_have_text("3")


def test_nothing_is_wider_than_a_small_phone(page: Page, shelf):
    page.goto("/p/cup-1/")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.locator("#cart-link .count")).to_have_text("1")
    for address in ("/", "/products/", "/p/cup-1/", "/cart/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_first_tab_leads_past_the_header(page: Page, shelf):
    page.goto("/products/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Categories and filters")).to_be_focused()


def test_categories_unfold_on_a_phone(page: Page, shelf):
    page.goto("/products/")
    coffee = page.get_by_role("navigation", name="All categories").get_by_role("link", name="Coffee")
    expect(coffee).to_be_hidden()
    page.get_by_text("Categories and filters").click()
    coffee.click()
    expect(page.get_by_role("heading", name="Coffee", level=1)).to_be_visible()


@pytest.mark.parametrize("page", [True], indirect=True, ids=["script"])
def test_typing_suggests_and_the_arrow_keys_lead_there(page: Page, shelf):
    page.goto("/")
    box = page.get_by_role("combobox", name="Search the shop")
    box.press_sequentially("cup 0")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options).to_have_count(8)
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    box.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "search-suggestion-1")
    box.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_have_value("cup 0")
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.get_by_role("heading", name="Cup 00", level=1)).to_be_visible()


@pytest.mark.parametrize("page", [True], indirect=True, ids=["script"])
def test_enter_without_a_choice_searches(page: Page, shelf):
    page.goto("/")
    box = page.get_by_role("combobox", name="Search the shop")
    box.press_sequentially("cup 12")
    expect(page.get_by_role("option", name="Cup 12")).to_be_visible()
    box.press("Enter")
    expect(page.locator(".product-card__name")).to_have_text(["Cup 12"])
