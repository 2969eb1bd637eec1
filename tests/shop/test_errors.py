"""What people see when something is not there, not theirs, or broken."""

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.urls import path, reverse
from django.views import defaults

from cryptons import urls as store


def break_down(request):
    raise RuntimeError("broken on purpose")


urlpatterns = [path("broken/", break_down), *store.urlpatterns]


@pytest.mark.django_db
def test_a_page_that_is_not_here_offers_a_way_on(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "This page is not here" in response.content.decode()
    assert 'href="/products/"' in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("refuse", "status"), [(defaults.permission_denied, 403), (defaults.page_not_found, 404)])
def test_who_is_refused_before_it_is_known_who_they_are_gets_a_whole_page(refuse, status):
    response = refuse(RequestFactory().get("/nowhere/"), PermissionError("no"))
    assert response.status_code == status
    assert reverse("accounts:sign_in") in response.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_is_explained():
    response = Client(enforce_csrf_checks=True).post("/cart/add/", {"product": "x"})
    assert response.status_code == 403
    assert "This form has grown too old" in response.content.decode()


@override_settings(ROOT_URLCONF=__name__)
def test_a_broken_page_says_so_without_the_database():
    response = Client(raise_request_exception=False).get("/broken/")
    assert response.status_code == 500
    assert "Something broke in the shop" in response.content.decode()


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_the_last_resorts_need_nothing(name):
    assert "Go to the front page" in render_to_string(name)


def test_browsers_that_ask_for_an_icon_are_led_to_it(client):
    assert client.get("/favicon.ico")["Location"] == "/static/img/favicon.svg"
