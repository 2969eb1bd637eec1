"""Strangers share a rendered page for some seconds; whoever has a session sees the present."""

from decimal import Decimal

import pytest
from django.core.cache import caches

from shop.models import Product
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(settings):
    settings.PAGE_CACHE_SECONDS = 60
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.fixture
def mug():
    return ProductFactory(name="Morning mug", slug="mug", price=Decimal(24))


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


def test_somebody_with_a_cart_is_shown_the_present(client, mug):
    client.get("/p/mug/")
    client.post("/cart/add/", {"product": str(mug.pk), "quantity": 1})
    reprice(mug)
    assert "31.00" in client.get("/p/mug/").content.decode()


def test_what_somebody_with_a_cart_sees_is_not_kept_for_others(client, mug, django_assert_num_queries):
    client.post("/cart/add/", {"product": str(mug.pk), "quantity": 1})
    client.get("/p/mug/")
    client.cookies.clear()
    reprice(mug)
    assert "31.00" in client.get("/p/mug/").content.decode()


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
    client.get("/cart/")
    assert len(caches["pages"]._cache) == 0


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
