"""A browser walks through the shop and the admin and finds nothing that the pages' own policy forbids."""

import pytest

from tests.browser.test_purchase_on_a_phone import fill_in_address

pytestmark = pytest.mark.browser
SECONDS = 1000
STAFF = """
from accounts.models import User
User.objects.create_superuser("staff@example.org", "three unrelated words")
"""
ADMIN = [
    "/admin/",
    "/admin/shop/product/",
    "/admin/shop/product/add/",
    "/admin/shop/category/",
    "/admin/orders/order/",
    "/admin/payments/payment/",
    "/admin/accounts/user/",
    "/admin/accounts/user/add/",
    "/admin/reviews/review/",
    "/admin/auth/group/1/change/",
    "/admin/password_change/",
]
LISTEN = "addEventListener('securitypolicyviolation', (event) => console.error('policy: ' + event.violatedDirective));"


class Strict:
    """Opens pages and notes each complaint of the browser: about the policy, a script, or a header it does not know."""

    def __init__(self, context, url):
        context.add_init_script(LISTEN)
        self.complaints, self.url = [], url
        self.page = context.new_page()
        self.page.set_default_timeout(20 * SECONDS)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))

    def open(self, path, status=200):
        response = self.page.goto(f"{self.url}{path}", wait_until="load")
        assert response.status == status, path
        return self.page

    def _hear(self, message):
        # That a page is missing is said in the console, too; it is what was asked for.
        if message.type in {"error", "warning"} and "status of 404" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")


def test_no_page_does_what_its_policy_forbids(store, phone):
    done = store.manage("shell", "-c", STAFF)
    assert done.returncode == 0, done.stderr
    strict = Strict(phone, store.url)

    for path in ("/", "/products/", "/products/?q=mortar", "/c/kitchen/", "/account/sign-up/", "/nothing/"):
        strict.open(path, 404 if path == "/nothing/" else 200)
    page = strict.open("/p/mortar/")
    assert page.locator("script[type='application/ld+json']").count() >= 1
    page.get_by_role("button", name="Add to cart").click()
    page.locator("#cart-feedback").get_by_text("cart").first.wait_for()
    strict.open("/cart/")
    page = strict.open("/checkout/")
    fill_in_address(page)
    with page.expect_response("**/panel*"):  # the page asks how its payment stands
        page.get_by_role("button", name="Place the order").click()
    page.get_by_role("heading", name="Waiting for payment").wait_for()
    assert page.locator("img[src*='qr.svg']").evaluate("image => image.naturalWidth") > 0
    strict.open(page.url.removeprefix(store.url).replace("/pay/", "/"))
    assert strict.complaints == []

    page = strict.open("/admin/login/")
    page.locator("[name=username]").fill("staff@example.org")
    page.locator("[name=password]").fill("three unrelated words")
    page.locator("[type=submit]").click()
    page.wait_for_url("**/admin/")
    for path in (*ADMIN, "/account/", "/account/addresses/", "/account/devices/", "/wishlist/", "/orders/"):
        strict.open(path)
    page = strict.open("/admin/shop/product/")
    page.get_by_role("link", name="Mortar").click()
    page.get_by_role("heading", name="Mortar").wait_for()
    strict.open("/admin/orders/order/").locator("th.field-number a").first.click()
    page.wait_for_load_state("load")
    assert strict.complaints == []

    # The proof that a breach would have been heard.
    page = strict.open("/")
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p><img src=\"https://x.example/x\">')"
    )
    page.evaluate("new Promise(requestAnimationFrame)")
    assert any("style-src" in complaint for complaint in strict.complaints)
    assert any("img-src" in complaint for complaint in strict.complaints)
