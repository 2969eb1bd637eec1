"""Signing up and confirming the address, without telling anybody who has an account."""

import re
import threading
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.urls import reverse

from accounts import services
from accounts.models import AccountMail, User
from accounts.tokens import Claim, Purpose, make_link_token
from cryptons import clock
from cryptons.errors import AlreadyExists, InvalidInput
from tests.accounts.conftest import link_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
SIGN_UP = reverse("accounts:sign_up")
NEW = {"email": "new@example.org", "password": "four-unrelated-words"}


def test_the_browser_that_signed_up_confirms_by_the_link_alone(client, delivered):
    client.post(SIGN_UP, NEW)
    link = link_in(delivered()[0])
    assert client.get(link).status_code == 200
    assert User.objects.get().email_confirmed_at is None  # opening the link is not enough: mail programs do that too
    assert client.post(link).url == reverse("accounts:profile")
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)
    assert User.objects.get().email_confirmed_at is not None


def test_another_browser_has_to_give_the_password(client, client_factory, delivered):
    client.post(SIGN_UP, NEW)
    other, link = client_factory(), link_in(delivered()[0])
    assert "current-password" in other.get(link).content.decode()
    wrong = other.post(link, {"password": "something else"})
    assert "not the password chosen at sign-up" in wrong.content.decode()
    assert User.objects.get().email_confirmed_at is None
    other.post(link, {"password": NEW["password"]})
    assert "_auth_user_id" in other.session


def test_nobody_prepares_an_account_for_somebody_else(client, client_factory, delivered):
    """A stranger signs up with the address first; the owner, who signs up later, does not get in with the stranger's password."""
    stranger, owner = client_factory(), client
    stranger.post(SIGN_UP, {**NEW, "password": "the-strangers-choice"})
    strangers_link = link_in(delivered()[0])
    AccountMail.objects.all().delete()
    owner.post(SIGN_UP, NEW)
    owners_link = link_in(delivered()[1])
    for link in (strangers_link, owners_link):
        owner.post(link)
        assert User.objects.get().email_confirmed_at is None
        assert "_auth_user_id" not in owner.session


def test_the_guest_session_lives_on_after_confirming(client, delivered):
    client.post(SIGN_UP, {**NEW, "next": "/cart/"})
    session = client.session
    session["kept"] = "yes"
    session.save()
    assert client.post(link_in(delivered()[0])).url == "/cart/"
    assert client.session["kept"] == "yes"


def test_confirming_twice_is_the_same_as_once(client, delivered):
    client.post(SIGN_UP, NEW)
    link = link_in(delivered()[0])
    client.post(link)
    first = User.objects.get().email_confirmed_at
    assert client.post(link).url == reverse("accounts:profile")
    assert User.objects.get().email_confirmed_at == first


def test_a_used_link_signs_nobody_in(client, client_factory, delivered):
    client.post(SIGN_UP, NEW)
    link = link_in(delivered()[0])
    client.post(link)
    later = client_factory()
    later.post(link, {"password": NEW["password"]})
    assert "_auth_user_id" not in later.session


def test_a_known_and_an_unknown_address_get_the_same_answer(client_factory):
    UserFactory(email="known@example.org")
    UserFactory(email="waiting@example.org", email_confirmed_at=None)
    UserFactory(email="closed@example.org", is_active=False)
    seen = set()
    for name in ("known", "waiting", "closed", "unknown"):
        browser = client_factory()
        answer = browser.post(SIGN_UP, {**NEW, "email": f"{name}@example.org"}, follow=True)
        seen.add((answer.status_code, tuple(answer.redirect_chain), answer.content, tuple(browser.cookies)))
    assert len(seen) == 1


def test_the_owner_of_a_known_address_is_told(client, delivered, user):
    client.post(SIGN_UP, {**NEW, "email": "OWNER@example.org"})
    (message,) = delivered()
    assert (message.to, message.subject) == (["owner@example.org"], "You already have an account – Cryptons")
    assert user.check_password(PASSWORD)
    assert User.objects.count() == 1


@pytest.mark.parametrize("email", ["known@example.org", "unknown@example.org", "waiting@example.org"])
def test_each_way_hashes_one_password(monkeypatch, email):
    UserFactory(email="known@example.org")
    UserFactory(email="waiting@example.org", email_confirmed_at=None)
    count = []
    real = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *a: count.append(1) or real(*a))
    services.sign_up(email=email, password=NEW["password"], nonce="n")
    assert len(count) == 1


def test_one_address_is_written_to_once_a_minute(client, delivered):
    for _ in range(3):
        client.post(SIGN_UP, NEW)
    assert len(delivered()) == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"email": "nobody"}, "Enter an e-mail address such as name@example.com."),
        ({"email": ""}, "Enter your e-mail address."),
        ({"email": "\u212aim@example.org"}, "Enter an e-mail address such as name@example.com."),
        ({"password": ""}, "Choose a password."),
        ({"password": "short"}, "at least 10 characters"),
        ({"password": "password123"}, "too common"),
        ({"password": "new@example.org"}, "too similar"),
        ({"password": "with\x00nulls-in-it"}, "Null characters are not allowed."),
    ],
)
def test_it_says_what_is_wrong_with_what_was_typed(client, change, message):
    answer = client.post(SIGN_UP, {**NEW, **change})
    assert message in answer.content.decode()
    assert (User.objects.count(), AccountMail.objects.count()) == (0, 0)


def test_an_address_is_taken_in_any_case(user):
    with pytest.raises(AlreadyExists) as refusal:
        services.register(email="Owner@Example.ORG", password=NEW["password"])
    assert refusal.value.details == [{"field": "email", "message": "There is an account with this e-mail address."}]


def test_a_user_name_is_taken_once_and_is_no_address(user):
    with pytest.raises(AlreadyExists) as refusal:
        services.register(**NEW, username=user.username)
    assert refusal.value.details[0]["field"] == "username"
    with pytest.raises(InvalidInput) as refusal:
        services.register(**NEW, username="owner@example.org")
    assert refusal.value.details[0]["field"] == "username"
    assert User.objects.count() == 1


def test_a_link_expires(client, monkeypatch):
    waiting = UserFactory(email_confirmed_at=None)
    token = make_link_token(Purpose.CONFIRM, Claim(user_id=waiting.pk, email=waiting.email))
    link = reverse("accounts:confirm_email", args=[token])
    assert client.get(link).status_code == 200
    later = clock.now() + timedelta(days=3, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.post(link, {"password": PASSWORD}).status_code == 410
    waiting.refresh_from_db()
    assert waiting.email_confirmed_at is None


@pytest.mark.parametrize("spoil", [lambda token: token[:-1], lambda token: "x" + token, lambda token: "nothing"])
def test_a_link_with_another_character_is_dead(client, spoil):
    waiting = UserFactory(email_confirmed_at=None)
    token = make_link_token(Purpose.CONFIRM, Claim(user_id=waiting.pk, email=waiting.email))
    assert client.get(reverse("accounts:confirm_email", args=[spoil(token)])).status_code == 410


def test_a_link_for_one_purpose_is_worthless_for_another(client):
    waiting = UserFactory(email_confirmed_at=None)
    token = make_link_token(Purpose.CHANGE, Claim(user_id=waiting.pk, email=waiting.email))
    assert client.get(reverse("accounts:confirm_email", args=[token])).status_code == 410


def test_a_link_dies_with_the_address_it_was_for(client):
    waiting = UserFactory(email_confirmed_at=None)
    token = make_link_token(Purpose.CONFIRM, Claim(user_id=waiting.pk, email=waiting.email))
    User.objects.update(email="another@example.org")
    assert client.get(reverse("accounts:confirm_email", args=[token])).status_code == 410


@pytest.mark.parametrize("email", ["known@example.org", "unknown@example.org", "waiting@example.org"])
def test_a_weak_password_is_refused_for_every_address_alike(email):
    UserFactory(email="known@example.org")
    UserFactory(email="waiting@example.org", email_confirmed_at=None)
    with pytest.raises(InvalidInput) as refusal:
        services.sign_up(email=email, password="short", nonce="n")
    assert {detail["field"] for detail in refusal.value.details} == {"password"}
    assert not AccountMail.objects.exists()


def test_a_derived_user_name_gives_nothing_of_the_address_away():
    user = services.register(email="zenobia.quill@example.org", password=NEW["password"])
    assert re.fullmatch(r"user-[a-z0-9]{8}", user.username)
    user.full_clean()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_register_one_address_at_once_one_gets_it():
    outcomes, started = [], threading.Barrier(6)

    def work(number):
        try:
            started.wait()
            email = "Same@example.org" if number % 2 else "same@Example.org"
            outcomes.append(services.register(email=email, password=NEW["password"]).email)
        except AlreadyExists as error:
            outcomes.append(error.details[0]["field"])
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["email"] * 5 + ["same@example.org"]
    assert (User.objects.count(), AccountMail.objects.count()) == (1, 1)
