import re
from decimal import Decimal

import pytest
from django.test import Client

from shop.models import Product
from tests.factories import ProductFactory
from tests.shop.conftest import HTMX

pytestmark = pytest.mark.django_db


def add(client: Client, product: Product, quantity: object = 1, **extra):
    data = {"product": product.pk, "quantity": quantity, "next": product.get_absolute_url()}
    return client.post("/cart/add/", data, **extra)


def test_without_script_adding_returns_to_the_product_and_says_so(client, kettle):
    response = add(client, kettle, 2)
    assert (response.status_code, response["Location"]) == (302, "/p/copper-kettle/")
    body = client.get("/p/copper-kettle/").content.decode()
    assert "Copper Kettle: 2 pieces in your cart." in body
    assert re.search(r'class="count">2<', body)


def test_with_htmx_adding_answers_a_note_and_the_new_count(client, kettle):
    body = add(client, kettle, 2, headers=HTMX).content.decode()
    assert "Copper Kettle: 2 pieces in your cart." in body
    assert 'hx-swap-oob="true"' in body
    assert "<html" not in body
    assert "Kettle: 2 pieces" not in client.get("/cart/").content.decode()


def test_it_goes_nowhere_but_this_shop_afterwards(client, kettle):
    response = client.post("/cart/add/", {"product": kettle.pk, "next": "https://evil.example/"})
    assert response["Location"] == "/cart/"


@pytest.mark.parametrize("quantity", ["abc", "-1", "1.5", "٣", "9" * 40, "\x00"])
def test_nonsense_as_a_number_is_said_and_changes_nothing(client, kettle, quantity):
    assert add(client, kettle, quantity).status_code == 302
    body = client.get("/cart/").content.decode()
    assert "Write the number of pieces in figures" in body
    assert "There is nothing in your cart" in body


@pytest.mark.parametrize("product", ["", "abc", "\x00", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_product_is_said(client, product, db):
    assert client.post("/cart/add/", {"product": product}).status_code == 302
    assert "not sold any more" in client.get("/cart/").content.decode()


def test_the_steppers_send_one_more_and_one_less(client, kettle):
    add(client, kettle, 2)
    body = client.get("/cart/").content.decode()
    assert re.findall(r'<button class="stepper__step"[^>]*value="(\d)"', body) == ["1", "3"]
    client.post("/cart/set/", {"product": kettle.pk, "quantity": "3"})
    assert "€144.00" in client.get("/cart/").content.decode()


def test_more_than_there_is_becomes_what_there_is_and_is_said(client, kettle):
    add(client, kettle)
    client.post("/cart/set/", {"product": kettle.pk, "quantity": "9"})
    body = client.get("/cart/").content.decode()
    assert "Only 3 left of Copper Kettle." in body


@pytest.mark.parametrize("how", ["/cart/remove/", "/cart/set/"])
def test_removing_can_be_undone_once(client, kettle, how):
    add(client, kettle, 2)
    client.post(how, {"product": kettle.pk, "quantity": "0"})
    body = client.get("/cart/").content.decode()
    assert "Copper Kettle was removed." in body
    for _twice in range(2):
        client.post("/cart/undo/", {"product": kettle.pk, "quantity": "2"})
    again = client.get("/cart/").content.decode()
    assert "was removed" not in again
    assert re.search(r'class="count">2<', again)


def test_with_htmx_the_cart_answers_itself_and_the_count(client, kettle):
    add(client, kettle, 2)
    body = client.post("/cart/set/", {"product": kettle.pk, "quantity": "1"}, headers=HTMX).content.decode()
    assert "<html" not in body
    assert 'id="cart"' in body
    assert 'hx-swap-oob="true"' in body
    assert re.search(r'class="count">1<', body)


def test_a_changed_price_is_told_once(client, kettle):
    add(client, kettle)
    Product.objects.update(price="40.00")
    assert "The price went down from €48.00 to €40.00." in client.get("/cart/").content.decode()
    assert "The price went" not in client.get("/cart/").content.decode()


def test_what_is_sold_out_is_left_out_of_the_sum(client, kettle):
    add(client, kettle)
    add(client, ProductFactory(price="10.00"))
    Product.objects.filter(pk=kettle.pk).update(stock=0)
    body = client.get("/cart/").content.decode()
    assert "Sold out since you put it here." in body
    assert "is not part of the sum" in body
    assert client.get("/cart/").context["total"] == Decimal("10.00")
    assert "Go to the checkout" in body


def test_with_nothing_to_buy_there_is_no_way_to_the_checkout(client, kettle):
    add(client, kettle)
    Product.objects.update(stock=0)
    assert "Go to the checkout" not in client.get("/cart/").content.decode()


def test_names_are_escaped(client):
    add(client, ProductFactory(name="<b>bold</b>"))
    body = client.get("/cart/").content.decode()
    assert "&lt;b&gt;bold" in body
    assert "<b>bold" not in body


def test_another_site_cannot_fill_the_cart(kettle):
    client = Client(enforce_csrf_checks=True)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {}):
        assert add(client, kettle, headers=headers).status_code == 403
    assert client.get("/cart/").context["entries"] == []


@pytest.mark.parametrize("headers", [{"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}])
def test_a_form_of_this_site_needs_no_cookie(kettle, headers):
    client = Client(enforce_csrf_checks=True)
    assert add(client, kettle, headers=headers).status_code == 302
    assert len(client.get("/cart/").context["entries"]) == 1


def test_looking_at_an_empty_cart_sets_no_cookie_and_asks_for_no_line(client, db, django_assert_num_queries):
    with django_assert_num_queries(2):  # the category tree alone
        response = client.get("/cart/")
    assert not response.cookies


def test_the_cart_is_never_kept_by_a_cache(client, db):
    assert "no-store" in client.get("/cart/")["Cache-Control"]


def test_the_users_cart_costs_at_most_eight_queries(signed_in, user, django_assert_max_num_queries):
    for product in ProductFactory.create_batch(4):
        add(signed_in, product)
    signed_in.get("/cart/")
    with django_assert_max_num_queries(8):
        signed_in.get("/cart/")


@pytest.mark.parametrize("path", ["add", "set", "remove", "undo"])
def test_nothing_changes_by_looking(client, path, db):
    assert client.get(f"/cart/{path}/").status_code == 405
