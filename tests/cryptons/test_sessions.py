"""Sessions of browsers: kept in Django's own table, whatever wrote them."""

import json
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as SessionInDatabase
from django.contrib.sessions.models import Session

from cryptons.sessions import SessionStore
from tests.factories import ProductFactory, UserFactory

pytestmark = pytest.mark.django_db


def stored(data, store=SessionStore, left=timedelta(days=1)):
    session = store()
    session.update(data)
    session.set_expiry(left)
    session.save()
    return session.session_key


def test_what_was_kept_is_there_again():
    key = stored({"cart": {"a": [1, "2.00"]}, "word": "Zürich \x00"})
    again = SessionStore(key)
    assert (again["cart"], again["word"]) == ({"a": [1, "2.00"]}, "Zürich \x00")


def test_reading_and_writing_is_a_statement_each(django_assert_num_queries):
    session = SessionStore(stored({"a": 1}))
    with django_assert_num_queries(1):
        session["a"] += 1
    with django_assert_num_queries(1):
        session.save()
    assert SessionStore(session.session_key)["a"] == 2


def test_a_session_that_was_written_signed_is_read_and_goes_on_as_json():
    session = SessionStore(stored({"a": 1}, store=SessionInDatabase))
    session["b"] = 2
    session.save()
    kept = json.loads(Session.objects.get().session_data)
    assert (kept["a"], kept["b"]) == (1, 2)


def test_a_visitor_keeps_the_cart_of_before(client):
    mug = ProductFactory(name="Morning mug")
    client.cookies["sessionid"] = stored({"cart": {str(mug.pk): [2, str(mug.price)]}}, store=SessionInDatabase)
    assert "Morning mug" in client.get("/cart/").content.decode()
    client.post("/cart/add/", {"product": str(mug.pk), "quantity": "1"})
    assert client.session["cart"][str(mug.pk)][0] == 3


def test_somebody_stays_signed_in_by_a_session_of_before(client):
    client.force_login(UserFactory())
    key = client.cookies["sessionid"].value
    held = dict(SessionStore(key).items())
    Session.objects.update(session_data=SessionInDatabase().encode(held))
    assert client.get("/account/").status_code == 200


def test_what_has_ended_is_not_brought_back():
    session = SessionStore(stored({"a": 1}))
    session["a"] = 2
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        session.save()
    assert not Session.objects.exists()


@pytest.mark.parametrize("left", [timedelta(seconds=-1), None])
def test_a_key_of_nothing_that_lives_is_forgotten(left):
    session = SessionStore(stored({"a": 1}, left=left) if left else "x" * 32)
    assert dict(session.items()) == {}
    assert session.session_key is None


@pytest.mark.parametrize("data", ["{", "", "a:b:c"])
def test_what_cannot_be_read_is_an_empty_session(data):
    key = stored({"a": 1})
    Session.objects.update(session_data=data)
    assert dict(SessionStore(key).items()) == {}


def test_the_cookie_says_what_it_said(client, settings):
    client.post("/cart/add/", {"product": str(ProductFactory().pk)})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == settings.SESSION_COOKIE_AGE
