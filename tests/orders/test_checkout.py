import re
from decimal import Decimal
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Address
from orders.models import Order
from payments import rates
from shop.models import Product
from tests.factories import POSTAL, AddressFactory, ProductFactory, UserFactory
from tests.orders.steps import payment_for, stock_of

pytestmark = pytest.mark.django_db
CHECKOUT = reverse("orders:checkout")
TYPED = {**POSTAL, "email": "Guest@Example.org", "note": "Ring twice"}


@pytest.fixture
def product():
    return ProductFactory(name="Tea pot", price=Decimal("60.00"), stock=5)


@pytest.fixture
def client_two():
    return Client()


def fill_cart(client, product, quantity=1):
    client.post(reverse("shop:cart_add"), {"product": product.pk, "quantity": quantity})


def hidden(response):
    """The form's hidden fields as they are on the page."""
    page = response.content.decode()
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("key", "seen")}


def hidden_of_a_third(product):
    """The hidden fields that somebody with the same cart sees."""
    third = Client()
    fill_cart(third, product)
    return hidden(third.get(CHECKOUT))


def submit(client, **changes):
    return client.post(CHECKOUT, {**TYPED, **hidden(client.get(CHECKOUT)), **changes})


def test_a_guest_orders_and_comes_to_the_payment_page(client, product, node):
    fill_cart(client, product, 2)
    response = submit(client)
    order = Order.objects.get()
    assert response.url == reverse("orders:pay", args=[order.number])
    assert (order.user, order.email, order.note, order.total) == (None, "guest@example.org", "Ring twice", 120)
    page = client.get(response.url)
    assert payment_for(order).options.get().address in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert stock_of(product) == 3
    assert client.get(CHECKOUT).url == reverse("shop:cart")


def test_the_same_form_sent_twice_leads_to_the_same_order(client, product, node):
    fill_cart(client, product)
    form = {**TYPED, **hidden(client.get(CHECKOUT))}
    first, second = client.post(CHECKOUT, form), client.post(CHECKOUT, form)
    assert first.url == second.url
    assert Order.objects.count() == 1


def test_two_tabs_sent_one_after_the_other_lead_to_the_same_order(client, product, node):
    fill_cart(client, product)
    one, other = ({**TYPED, **hidden(client.get(CHECKOUT))} for _ in range(2))
    first, second = client.post(CHECKOUT, one), client.post(CHECKOUT, other)
    assert first.url == second.url
    assert (Order.objects.count(), stock_of(product)) == (1, 4)


def test_the_next_cart_is_another_order(client, product, node):
    for _ in range(2):
        fill_cart(client, product)
        submit(client)
    assert (Order.objects.count(), stock_of(product)) == (2, 3)


def test_a_checkout_whose_process_died_after_the_order_does_not_swallow_the_next(client, product, node):
    fill_cart(client, product)
    form = {**TYPED, **hidden(client.get(CHECKOUT))}
    with patch("orders.views.checkout_page.cart_for", side_effect=SystemExit), pytest.raises(SystemExit):
        client.post(CHECKOUT, form)
    submit(client)
    assert Order.objects.count() == 2


def test_another_session_gets_nothing_from_a_copied_key(client, client_two, product, node):
    fill_cart(client, product)
    fill_cart(client_two, product)
    form = {**TYPED, **hidden(client.get(CHECKOUT))}
    client_two.get(CHECKOUT)
    first, second = client.post(CHECKOUT, form), client_two.post(CHECKOUT, form)
    assert first.url != second.url
    assert client_two.get(first.url).status_code == 404


def test_two_strangers_who_never_opened_the_page_do_not_meet_in_one_order(client, client_two, product, node):
    seen = hidden_of_a_third(product)["seen"]
    addresses = []
    for browser in (client, client_two):
        fill_cart(browser, product)
        addresses.append(browser.post(CHECKOUT, {**TYPED, "key": "", "seen": seen}).url)
    assert addresses[0] != addresses[1]
    assert client_two.get(addresses[0]).status_code == 404
    assert Order.objects.count() == 2


def test_nothing_typed_is_lost_when_something_is_missing(client, product):
    fill_cart(client, product)
    before = hidden(client.get(CHECKOUT))
    response = client.post(CHECKOUT, {**TYPED, **before, "email": "guest@", "city": ""})
    page = response.content.decode()
    assert response.status_code == 422
    for typed in ("guest@", "Ada Byron", "Mill Lane 12", "1100-148", "Ring twice"):
        assert typed in page
    assert '<option value="PT" selected>' in page
    assert "Enter the city." in page
    assert 'aria-invalid="true"' in page
    assert 'role="alert"' in page
    assert hidden(response) == before
    assert Order.objects.count() == 0


def test_what_one_guest_typed_the_next_does_not_see(client, client_two, product):
    fill_cart(client, product)
    fill_cart(client_two, product)
    blank = client_two.get(CHECKOUT).content.decode()
    assert 'value="Ada Byron"' in client.post(CHECKOUT, {**TYPED, "email": "guest@"}).content.decode()
    again = client_two.get(CHECKOUT).content.decode()
    fields = [page[page.index('id="contact"') : page.index('id="sum"')] for page in (blank, again)]
    assert fields[0] == fields[1]
    assert "Ada Byron" not in again
    assert re.findall(r'<input[^>]* name="full_name"[^>]*>', again) == [
        '<input type="text" name="full_name" autocomplete="shipping name" maxlength="120" required id="id_full_name">'
    ]


def test_what_is_missing_is_listed_in_the_order_of_the_page(client, product):
    fill_cart(client, product)
    page = client.post(CHECKOUT, hidden(client.get(CHECKOUT))).content.decode()
    listed = re.findall(r'<a href="#id_(\w+)">', page)
    assert listed == ["email", "full_name", "line1", "postal_code", "city", "country"]
    assert listed == [name for name in re.findall(r'id="id_(\w+)"', page) if name in listed]


def test_a_price_that_went_up_needs_another_confirmation(client, product, node):
    fill_cart(client, product)
    form = {**TYPED, **hidden(client.get(CHECKOUT))}
    Product.objects.update(price=Decimal("66.00"))
    response = client.post(CHECKOUT, form)
    page = response.content.decode()
    assert response.status_code == 409
    assert "The price went up from €60.00 to €66.00." in page
    assert "Ring twice" in page
    assert Order.objects.count() == 0
    client.post(CHECKOUT, {**TYPED, **hidden(response)})
    assert Order.objects.get().total == 66


def test_fewer_pieces_than_wanted_need_another_confirmation(client, product, node):
    fill_cart(client, product, 3)
    form = {**TYPED, **hidden(client.get(CHECKOUT))}
    Product.objects.update(stock=2)
    response = client.post(CHECKOUT, form)
    assert response.status_code == 409
    assert "Only 2 left" in response.content.decode()
    client.post(CHECKOUT, {**TYPED, **hidden(response)})
    assert Order.objects.get().lines.get().quantity == 2


def test_what_sold_out_in_the_meantime_leads_back_to_the_cart(client, product):
    fill_cart(client, product)
    form = {**TYPED, **hidden(client.get(CHECKOUT))}
    Product.objects.update(stock=0)
    assert client.post(CHECKOUT, form).url == reverse("shop:cart")
    assert Order.objects.count() == 0


def test_an_unknown_rate_is_said_and_everything_is_kept(client, product, settings):
    settings.RATE_SOURCE, settings.RATE_URL = "kraken", "http://127.0.0.1:9"
    rates.forget()
    fill_cart(client, product)
    response = submit(client)
    page = response.content.decode()
    assert response.status_code == 503
    assert 'role="alert"' in page
    assert "try again" in page
    assert "Ring twice" in page
    assert (Order.objects.count(), stock_of(product)) == (0, 5)
    settings.RATE_SOURCE = "fixed"
    client.post(CHECKOUT, {**TYPED, **hidden(response)})
    assert Order.objects.count() == 1


def test_a_node_that_is_gone_keeps_the_order_and_offers_to_try_again(client, product, settings):
    settings.BITCOIN_RPC_URL = "http://127.0.0.1:9"
    fill_cart(client, product)
    response = client.get(submit(client).url)
    assert response.status_code == 200
    assert "Try again" in response.content.decode()
    assert Order.objects.get().status == "pending"


class TestSignedIn:
    @pytest.fixture
    def user(self, client, product):
        user = UserFactory()
        client.force_login(user)
        fill_cart(client, product)
        return user

    def test_a_saved_address_needs_no_typing(self, client, user, node):
        address = AddressFactory(user=user, city="Porto")
        nothing = dict.fromkeys(POSTAL, "")
        submit(client, **nothing, saved_address=address.pk, email="")
        order = Order.objects.get()
        assert (order.user, order.email, order.city) == (user, user.email, "Porto")

    def test_a_strangers_address_cannot_be_chosen(self, client, user):
        AddressFactory(user=user)
        assert submit(client, saved_address=AddressFactory().pk).status_code == 422
        assert Order.objects.count() == 0

    def test_a_new_address_is_kept_when_asked(self, client, user, node):
        AddressFactory(user=user)
        submit(client, saved_address="new", city="Faro", keep_address="on")
        assert Order.objects.get().city == "Faro"
        assert Address.objects.filter(user=user, city="Faro").count() == 1

    def test_a_new_address_is_not_kept_unless_asked(self, client, user, node):
        submit(client, city="Faro")
        assert Order.objects.get().city == "Faro"
        assert Address.objects.count() == 0
