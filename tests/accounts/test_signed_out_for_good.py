"""Whoever was closed out or got another password has no session any more, in the shop, the admin or the API."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import ApiSession, User
from accounts.services import change_password, reset_password
from tests.api.conftest import Api
from tests.factories import PASSWORD, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
NEW = "four unrelated new words"


@pytest.fixture
def signed_in(client, user):
    """Return whether the user is in still, by page and by API."""
    client.force_login(user)
    caller = Api().as_(user)

    def ask():
        page = client.get(reverse("accounts:profile")).status_code
        return page == 200, caller.get("/auth/profile").status == 200

    assert ask() == (True, True)
    return ask


def by_form(user, *, active):
    boss = Client()
    boss.force_login(StaffFactory())
    fields = {"email": user.email, "username": user.username, "addresses-TOTAL_FORMS": 0, "addresses-INITIAL_FORMS": 0}
    page = reverse("admin:accounts_user_change", args=[user.pk])
    assert boss.post(page, {**fields, **({"is_active": "on"} if active else {})}).status_code == 302


def by_row(user, *, active):
    User.objects.filter(pk=user.pk).update(is_active=active)


def by_object(user, *, active):
    fresh = User.objects.get(pk=user.pk)
    fresh.is_active = active
    fresh.save(update_fields=["is_active"])


@pytest.mark.parametrize("switch", [by_form, by_row, by_object])
def test_whoever_is_let_in_again_signs_in_again(signed_in, user, switch):
    switch(user, active=False)
    assert signed_in() == (False, False)
    switch(user, active=True)
    assert signed_in() == (False, False)
    again = Api().post("/auth/login", {"email": user.email, "password": PASSWORD})
    assert again.status == 200
    assert Api(again.data["token"]).get("/auth/profile").status == 200


def test_not_even_where_nobody_asked_in_between(signed_in, user):
    by_row(user, active=False)
    by_row(user, active=True)
    assert signed_in() == (False, False)


def test_a_refresh_token_does_not_revive_a_session_either(user):
    tokens = Api().post("/auth/login", {"email": user.email, "password": PASSWORD}).data
    by_row(user, active=False)
    by_row(user, active=True)
    answer = Api().post("/auth/refresh", {"refreshToken": tokens["refreshToken"]})
    assert (answer.status, answer.code) == (401, "TOKEN_REVOKED")


def test_nobody_else_is_signed_out(signed_in):
    other = UserFactory()
    by_row(other, active=False)
    assert signed_in() == (True, True)


@pytest.mark.parametrize("way", ["changed", "reset", "set by the staff"])
def test_another_password_signs_out_everywhere(signed_in, user, way):
    if way == "changed":
        change_password(user=User.objects.get(pk=user.pk), old_password=PASSWORD, new_password=NEW)
    elif way == "reset":
        reset_password(user=User.objects.get(pk=user.pk), new_password=NEW)
    else:
        fresh = User.objects.get(pk=user.pk)
        fresh.set_password(NEW)
        fresh.save()
    assert signed_in() == (False, False)


def test_signing_out_writes_its_end_and_tells_of_it_and_asking_who_is_there_is_one_query(
    user, django_assert_num_queries
):
    caller = Api().as_(user)
    with django_assert_num_queries(2):  # the session with its user; the address that the profile shows
        assert caller.get("/auth/profile").status == 200
    with django_assert_num_queries(
        5
    ):  # the session with its user; its end, and that it is told, in one transaction (two more)
        assert caller.post("/auth/logout").status == 200
    with django_assert_num_queries(1):
        assert caller.get("/auth/profile").code == "TOKEN_REVOKED"
    assert ApiSession.objects.get().ended_at is not None
