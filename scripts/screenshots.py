"""Take the README's pictures of a store that runs with its demo catalogue and its sandbox (`make run` in another terminal).

.venv/bin/python scripts/screenshots.py [http://127.0.0.1:8000]
"""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
PRODUCT = "/p/breakfast-bowl/"
BUYER = {
    "email": "ada@example.org",
    "full_name": "Ada Byron",
    "line1": "Mill Lane 12",
    "city": "Lisbon",
    "postal_code": "1100-148",
}


def desktop(browser: Browser) -> BrowserContext:
    """Return a wide window in light colours."""
    return browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB", color_scheme="light")


def phone(browser: Browser) -> BrowserContext:
    """Return a phone in dark colours."""
    return browser.new_context(
        viewport={"width": 390, "height": 844},
        device_scale_factor=2,
        is_mobile=True,
        locale="en-GB",
        color_scheme="dark",
    )


def picture(page: Page, name: str) -> None:
    """Wait until all is loaded and write `docs/images/<name>.png`."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png")
    print(f"docs/images/{name}.png")


def buy(page: Page, store: str) -> None:
    """Buy something as a guest, up to the payment page."""
    page.goto(f"{store}{PRODUCT}")
    page.get_by_role("button", name="Add to cart").click()
    page.wait_for_load_state("networkidle")
    page.goto(f"{store}/checkout/")
    for name, value in BUYER.items():
        page.locator(f"main [name={name}]").fill(value)
    page.locator("main [name=country]").select_option("PT")
    page.get_by_role("button", name="Place the order").click()
    page.wait_for_url("**/pay/**")


def main() -> None:
    """Open the store named on the command line and take the pictures."""
    store = (sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000").rstrip("/")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        program = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = desktop(browser).new_page()
        page.goto(f"{store}/products/")
        picture(page, "shelf")
        page = phone(browser).new_page()
        buy(page, store)
        picture(page, "pay")
        browser.close()


if __name__ == "__main__":
    main()
