"""What holds for every page of the store, those to come among them: no post without a token, nobody else's order."""

import re
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils.html import escape

from orders.links import guest_key
from tests.factories import OrderFactory, OrderPaymentFactory, PaymentOptionFactory, UserFactory

pytestmark = pytest.mark.django_db
# The same in every process: the names of parametrised tests are made from it.
NOBODYS_KEY = "01890000-0000-7000-8000-000000000000"
_ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>")


def filled(route):
    """Return a route with something of the right kind for each of its arguments."""
    return _ARGUMENT.sub(lambda found: NOBODYS_KEY if found[1] == "uuid" else "something", route)


def pages(patterns=None, before="/"):
    """Return the path of every page of ours (the admin has its own guard)."""
    for pattern in patterns or get_resolver().url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            if not route.startswith("/^"):
                yield filled(route)
        elif not route.startswith(("/admin", "/api/")):  # the API reads no cookie
            yield from pages(pattern.url_patterns, route)


PAGES = sorted(pages())


def test_the_walk_finds_the_pages():
    assert {"/", "/checkout/", "/account/sign-in/", "/cart/add/", "/orders/something/cancel/"} <= set(PAGES)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}],
)
def test_no_page_takes_a_post_that_may_come_from_elsewhere(path, headers):
    browser = Client(enforce_csrf_checks=True, headers=headers)
    browser.force_login(UserFactory())
    assert browser.post(path, {"next": "/"}).status_code in {403, 405}


@pytest.fixture
def order():
    order = OrderFactory(user=UserFactory(), full_name="Zenobia Quill", line1="Secret Lane 7", email="zen@example.org")
    link = OrderPaymentFactory(order=order)
    PaymentOptionFactory(payment=link.payment)
    return order


PERSONAL = ("Zenobia", "Secret Lane", "zen@example.org")


@pytest.mark.parametrize("name", ["order", "pay", "cancel", "buy_again", "make_account"])
@pytest.mark.parametrize("who", ["nobody", "another user", "staff"])
@pytest.mark.parametrize("key", ["", "?key=", "?key=wrong", "?key=%F0%9F%98%80"])
def test_strangers_meet_the_same_404_as_where_there_is_no_order(order, name, who, key):
    browser = Client()
    if who != "nobody":
        browser.force_login(UserFactory(is_staff=who == "staff"))
    answers = []
    for number in (order.number, "NONE-0000-0000"):
        path = reverse(f"orders:{name}", args=[number]) + key
        answer = browser.get(path) if name in {"order", "pay"} else browser.post(path)
        token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
        answers.append((answer.status_code, token.sub("", answer.content.decode()).replace(number, "")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 404
    order.refresh_from_db()
    assert order.status == "pending"


def test_a_key_opens_its_own_order_and_no_other(order):
    other = OrderFactory()
    path = reverse("orders:order", args=[order.number])
    assert Client().get(f"{path}?key={guest_key(other)}").status_code == 404
    assert Client().get(f"{path}?key={guest_key(order)}").status_code == 200


def test_signing_out_closes_the_orders_that_a_link_opened(order):
    browser = Client()
    path = reverse("orders:order", args=[order.number])
    browser.force_login(UserFactory())
    browser.get(f"{path}?key={guest_key(order)}")
    assert browser.get(path).status_code == 200
    browser.post(reverse("accounts:sign_out"))
    assert browser.get(path).status_code == 404


def test_the_payment_panel_tells_nothing_about_the_person(order):
    payment = order.payment_links.get().payment
    browser = Client()
    for name in ("panel", "qr"):
        answer = browser.get(reverse(f"payments:{name}", args=[payment.pk]))
        assert answer.status_code == 200
        assert not [word for word in (*PERSONAL, order.number) if word in answer.content.decode()]


def test_the_history_lists_ones_own_orders_alone(order):
    browser = Client()
    browser.force_login(UserFactory())
    assert order.number not in browser.get(reverse("orders:history")).content.decode()
    browser.force_login(order.user)
    assert order.number in browser.get(reverse("orders:history")).content.decode()


@pytest.mark.parametrize("text", ['"><script>alert(1)</script>', "' onmouseover='x"])
def test_what_a_buyer_types_is_shown_as_text(order, text):
    for name in ("full_name", "line1", "note", "tracking_number", "city"):
        setattr(order, name, text)
    order.save()
    order.lines.create(name=text, sku=text, unit_price=1, quantity=1, line_total=1)
    browser = Client()
    browser.force_login(order.user)
    for path in (
        reverse("orders:order", args=[order.number]),
        reverse("orders:pay", args=[order.number]),
        reverse("shop:products") + "?" + urlencode({"q": text}),
    ):
        body = browser.get(path).content.decode()
        assert escape(text) in body
        assert text not in body
