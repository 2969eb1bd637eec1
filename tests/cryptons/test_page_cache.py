"""A page is rendered once while nothing on it changes; what is somebody's own is put into it for each."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from cryptons import freshness
from cryptons.pagecache.shelves import shelf
from shop.models import Product
from tests.factories import ProductFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept(settings):
    settings.PAGE_CACHE_SECONDS = 60


@pytest.fixture
def mug():
    return ProductFactory(name="Morning mug", slug="mug", price=Decimal(24))


def without_token(page):
    return re.sub(rb'(csrfmiddlewaretoken" value=)"\w+"', rb"\1", page)


def reprice(product):
    Product.objects.filter(pk=product.pk).update(price=Decimal(31))


def test_a_stranger_is_shown_what_was_rendered_for_another(client, mug):
    first = client.get("/p/mug/")
    reprice(mug)
    second = client.get("/p/mug/")
    assert second.content == first.content
    assert "24.00" in second.content.decode()


def test_headers_are_kept_too_and_the_request_id_is_not(client, mug):
    first, second = client.get("/p/mug/"), client.get("/p/mug/")
    assert first.headers.keys() == second.headers.keys()
    assert first["X-Request-ID"] != second["X-Request-ID"]
    assert second["X-Frame-Options"] == "DENY"


def test_a_kept_page_costs_no_query(client, mug, django_assert_num_queries):
    client.get("/products/")
    with django_assert_num_queries(0):
        client.get("/products/")


def put_into_cart(client, product):
    client.post("/cart/add/", {"product": str(product.pk), "quantity": 3})


def test_somebody_with_a_cart_sees_it_on_a_kept_page(client, mug):
    client.get("/p/mug/")
    put_into_cart(client, mug)
    first, second = client.get("/p/mug/").content.decode(), client.get("/p/mug/").content.decode()
    for page in (first, second):
        assert '<span class="count">3</span>' in page
    assert "3 pieces" in first
    assert "3 pieces" not in second, "a message is shown once"


def test_nobody_sees_the_cart_of_another(client, mug):
    put_into_cart(client, mug)
    client.get("/p/mug/")
    assert '<span class="count">3</span>' not in Client().get("/p/mug/").content.decode()


def test_nobody_sees_the_name_of_another(client, mug):
    staff = StaffFactory()
    client.force_login(staff)
    assert "Admin" in client.get("/p/mug/").content.decode()
    other = Client()
    other.force_login(UserFactory())
    page = other.get("/p/mug/").content.decode()
    assert "Admin" not in page
    assert "Account" in page


def test_somebody_with_a_cart_gets_the_page_that_was_rendered_for_another(client, mug):
    put_into_cart(client, mug)
    other = Client()
    put_into_cart(other, mug)
    client.get("/p/mug/")
    reprice(mug)
    assert "24.00" in other.get("/p/mug/").content.decode()


def test_a_frame_with_holes_is_the_page_that_is_rendered_whole(client, mug, settings):
    client.force_login(UserFactory())
    client.get("/p/mug/")
    kept = client.get("/p/mug/")
    settings.PAGE_CACHE_SECONDS = 0
    whole = client.get("/p/mug/")
    assert without_token(kept.content) == without_token(whole.content)
    assert kept.headers.keys() == whole.headers.keys()


def test_a_form_on_a_kept_page_carries_this_persons_token(mug):
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())
    client.get("/p/mug/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/p/mug/").content.decode())[1]
    answer = client.post("/account/sign-out/", {"csrfmiddlewaretoken": token})
    assert answer.status_code == 302


def test_a_page_that_is_missing_has_no_holes(client, mug):
    put_into_cart(client, mug)
    page = client.get("/p/nothing/").content.decode()
    assert '<span class="count">3</span>' in page
    assert "<!--" not in page


def test_nobody_can_write_a_hole(client, mug):
    put_into_cart(client, mug)
    page = client.get("/products/", {"q": "<!--x:includes/footer.html-->"}).content.decode()
    assert "<!--" not in page


@pytest.mark.parametrize("other", ["/products/?sort=price", "/products/?q=nothing", "/"])
def test_another_address_is_another_page(client, mug, other):
    assert client.get("/products/").content != client.get(other).content


def test_a_part_for_htmx_is_neither_kept_nor_answered_from_what_was(client, mug):
    whole = client.get("/products/").content
    part = client.get("/products/", headers={"HX-Request": "true", "HX-Target": "listing"}).content
    assert b"<html" in whole
    assert b"<html" not in part
    assert client.get("/products/").content == whole


def test_pages_that_are_not_marked_are_made_anew(client):
    client.get("/account/sign-in/")
    assert len(shelf()) == 0


def test_of_the_carts_page_only_what_stands_around_the_cart_is_kept(client, mug):
    put_into_cart(client, mug)
    first, second = client.get("/cart/").content.decode(), client.get("/cart/").content.decode()
    assert "3 pieces in your cart" in first
    assert second.count("Morning mug") == first.count("Morning mug") - 1, "a message is shown once"
    other = Client().get("/cart/").content.decode()
    assert "There is nothing in your cart" in other
    assert "Morning mug" not in b"".join(entry.thing.body for entry in shelf()._entries.values()).decode()


@pytest.mark.parametrize("known", [True, False])
def test_a_cart_in_a_kept_frame_is_the_page_that_is_rendered_whole(client, mug, settings, known):
    if known:
        client.force_login(UserFactory())
    put_into_cart(client, mug)
    client.get("/cart/")
    kept = client.get("/cart/")
    settings.PAGE_CACHE_SECONDS = 0
    whole = client.get("/cart/")
    assert without_token(kept.content) == without_token(whole.content)
    assert kept.headers.keys() == whole.headers.keys()
    assert "no-store" in kept["Cache-Control"]


def test_the_frame_of_the_cart_changes_with_what_it_shows(client, mug):
    put_into_cart(client, mug)
    client.get("/cart/")
    mug.category.name = "Cups and bowls"
    mug.category.save()
    freshness.tell_again()  # the test's own transaction never ends
    assert "Cups and bowls" in client.get("/cart/").content.decode()


def test_a_page_that_does_not_exist_is_not_kept(client, mug):
    assert client.get("/p/cup/").status_code == 404
    Product.objects.filter(pk=mug.pk).update(slug="cup")
    assert client.get("/p/cup/").status_code == 200


def test_a_host_that_is_not_ours_gets_nothing_that_was_kept(client, mug):
    client.get("/p/mug/")
    assert client.get("/p/mug/", headers={"host": "elsewhere.example"}).status_code == 400


def test_it_can_be_switched_off(client, mug, settings):
    settings.PAGE_CACHE_SECONDS = 0
    client.get("/p/mug/")
    reprice(mug)
    assert "31.00" in client.get("/p/mug/").content.decode()
