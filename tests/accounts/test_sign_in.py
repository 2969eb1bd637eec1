"""Signing in and out: one answer for every failure, and a brake on guessing."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import caches
from django.test import override_settings
from django.urls import reverse
from django.utils.http import urlsafe_base64_encode

from accounts import brake
from accounts.models import AccountMail, User
from accounts.tokens import reset_tokens
from cryptons import clock
from cryptons.api.models import Tally
from tests.factories import PASSWORD, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
SIGN_IN = reverse("accounts:sign_in")


def sign_in(client, email="owner@example.org", password=PASSWORD, **more):
    return client.post(SIGN_IN, {"username": email, "password": password, **more})


def is_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("email", ["owner@example.org", "OWNER@Example.org", "  owner@example.org "])
def test_the_address_counts_in_any_case(client, user, email):
    assert sign_in(client, email).url == reverse("shop:home")
    assert is_in(client)


def test_every_failure_has_the_same_body_and_the_same_work(client_factory, user, monkeypatch):
    UserFactory(email="waiting@example.org", email_confirmed_at=None)
    UserFactory(email="closed@example.org", is_active=False)
    hashed, seen = [], set()
    real = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *a: hashed.append(1) or real(*a))
    tries = [
        ("unknown", "wrong"),
        ("owner", "wrong"),
        ("waiting", PASSWORD),
        ("waiting", "wrong"),
        ("closed", PASSWORD),
    ]
    for name, password in tries:
        browser = client_factory()
        answer = sign_in(browser, f"{name}@example.org", password)
        body = answer.content.decode().replace(f"{name}@example.org", "…")
        body = body.replace(browser.cookies["csrftoken"].value, "…")
        seen.add((answer.status_code, len(body), len(hashed), "do not belong together" in body, is_in(browser)))
        hashed.clear()
    assert len(seen) == 1
    (status, _, hashes, said, inside) = seen.pop()
    assert (status, hashes, said, inside) == (200, 1, True, False)


def test_guessing_is_braked_and_the_right_password_too(client, user):
    for _ in range(5):
        assert sign_in(client, password="wrong").status_code == 200
    answer = sign_in(client)
    assert answer.status_code == 429
    assert 840 < int(answer["Retry-After"]) <= 900
    assert "Too many tries. Wait 15 minutes" in answer.content.decode()
    assert not is_in(client)


def test_the_brake_is_the_same_for_accounts_that_are_not_there(client, client_factory, user):
    UserFactory(email="waiting@example.org", email_confirmed_at=None)
    for number, email in enumerate(("owner@example.org", "unknown@example.org", "waiting@example.org")):
        password = PASSWORD if email.startswith("waiting") else "wrong"
        guesser = client_factory(REMOTE_ADDR=f"203.0.113.{number}")
        assert [sign_in(guesser, email, password).status_code for _ in range(6)] == [200] * 5 + [429]


def test_one_password_tried_on_many_accounts_is_braked_too(client, client_factory, user):
    statuses = [sign_in(client, f"somebody{number}@example.org", "wrong").status_code for number in range(6)]
    assert statuses == [200] * 5 + [429]
    elsewhere = client_factory(REMOTE_ADDR="203.0.113.9")
    sign_in(elsewhere)
    assert is_in(elsewhere)


def test_a_flood_from_one_network_writes_nothing_once_it_is_braked(client, user):
    for number in range(5):
        sign_in(client, f"somebody{number}@example.org", "wrong")
    before = Tally.objects.count()
    for page in (SIGN_IN, reverse("admin:login")):
        for number in range(3):
            client.post(page, {"username": f"other{number}@example.org", "password": "wrong"})
    assert Tally.objects.count() == before


def test_signing_in_takes_back_only_ones_own_tries_from_the_network(client_factory, user):
    for number in range(3):
        sign_in(client_factory(), f"somebody{number}@example.org", "wrong")
    sign_in(client_factory())
    statuses = [sign_in(client_factory(), f"other{number}@example.org", "wrong").status_code for number in range(3)]
    assert statuses == [200, 200, 429]


def test_a_crowd_that_guesses_is_braked_but_not_the_owner_at_home(client_factory, user):
    home = client_factory(REMOTE_ADDR="198.51.100.7")
    sign_in(home)
    home.post(reverse("accounts:sign_out"))
    crowd = [client_factory(REMOTE_ADDR=f"203.0.113.{number}") for number in range(brake.CROWD)]
    for member in crowd:
        for _ in range(5):
            assert sign_in(member, password="wrong").status_code == 200
    abroad = client_factory(REMOTE_ADDR="192.0.2.1")
    assert sign_in(abroad).status_code == 429
    sign_in(home)
    assert is_in(home)
    # A link from the mailbox opens the door anywhere, and the network is known from then on.
    uid, token = urlsafe_base64_encode(str(user.pk).encode()), reset_tokens.make_token(User.objects.get(pk=user.pk))
    page = abroad.get(reverse("accounts:password_reset_confirm", args=[uid, token]), follow=True).wsgi_request.path
    abroad.post(page, {"new_password": "four unrelated new words"})
    sign_in(abroad, password="four unrelated new words")
    assert is_in(abroad)


def test_a_network_is_the_owners_for_thirty_days_after_the_latest_sign_in(client_factory, user, monkeypatch):
    home, start = client_factory(REMOTE_ADDR="198.51.100.7"), clock.now()
    sign_in(home)
    for day, comes_in in ((29, True), (58, True), (89, False)):
        monkeypatch.setattr(clock, "now", lambda day=day: start + timedelta(days=day))
        for _ in range(5 * brake.CROWD):
            brake._crowd(user.email).count()
        home.post(reverse("accounts:sign_out"))
        sign_in(home)
        assert is_in(home) is comes_in, day


def test_the_count_outlasts_the_cache(client_factory, user):
    for _ in range(5):
        sign_in(client_factory(), password="wrong")
        for cache in caches.all():
            cache.clear()
    assert sign_in(client_factory()).status_code == 429


@pytest.mark.parametrize("name", ["sign_up", "password_reset"])
def test_asking_for_accounts_and_links_is_limited_for_each_network(client_factory, db, name, mailoutbox):
    page = reverse(f"accounts:{name}")

    def ask(number, address="127.0.0.1"):
        sent = {"email": f"somebody{number}@example.org", "password": "three unrelated words"}
        return client_factory(REMOTE_ADDR=address).post(page, sent)

    assert [ask(number).status_code for number in range(6)] == [302] * 5 + [429]
    assert AccountMail.objects.count() == 5
    assert ask(7, "192.0.2.1").status_code == 302


def test_a_stranger_does_not_lock_the_owner_out(client, client_factory, user):
    stranger = client_factory(REMOTE_ADDR="203.0.113.9")
    for _ in range(7):
        sign_in(stranger, password="wrong")
    sign_in(client)
    assert is_in(client)


def test_who_has_an_ipv6_network_to_themselves_has_one_count(client_factory, user):
    guessers = [client_factory(REMOTE_ADDR=f"2001:db8::{number}") for number in range(6)]
    assert [sign_in(guesser, password="wrong").status_code for guesser in guessers] == [200] * 5 + [429]
    assert sign_in(client_factory(REMOTE_ADDR="2001:db8:0:1::1"), password="wrong").status_code == 200


def test_signing_in_takes_the_brake_off(client, client_factory, user):
    for _ in range(4):
        sign_in(client_factory(), password="wrong")
    sign_in(client_factory())
    assert [sign_in(client_factory(), password="wrong").status_code for _ in range(5)] == [200] * 5


def test_the_admin_has_the_same_brake(client):
    boss = StaffFactory()
    page = reverse("admin:login")
    for _ in range(5):
        client.post(page, {"username": boss.email, "password": "wrong"})
    client.post(page, {"username": boss.email, "password": PASSWORD})
    assert not is_in(client)


@override_settings(TRUSTED_PROXIES=1)
def test_behind_a_proxy_the_client_is_who_the_proxy_names(client_factory, user):
    for number in range(6):
        answer = sign_in(client_factory(), password="wrong")
        assert answer.status_code == (200 if number < 5 else 429)
    made_up = client_factory(headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})
    for _ in range(5):
        sign_in(made_up, password="wrong")
    again = client_factory(headers={"X-Forwarded-For": "198.51.100.2, 203.0.113.9"})
    assert sign_in(again, password="wrong").status_code == 429


def test_it_goes_on_to_a_page_of_this_store(client, user):
    assert sign_in(client, next="/account/addresses/").url == "/account/addresses/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_it_sends_nobody_to_another_site(client, client_factory, user, target):
    assert sign_in(client, next=target).url == reverse("shop:home")
    page = client_factory().get(reverse("accounts:sign_up"), {"next": target}).content.decode()
    assert "evil" not in page
    assert "alert" not in page


def test_what_a_guest_had_in_the_session_stays(client, user):
    session = client.session
    session["kept"] = "yes"
    session.save()
    before = client.session.session_key
    sign_in(client)
    assert client.session["kept"] == "yes"
    assert client.session.session_key != before


def test_signing_out_needs_a_post(client, user):
    client.force_login(user)
    assert client.get(reverse("accounts:sign_out")).status_code == 405
    assert is_in(client)
    assert client.post(reverse("accounts:sign_out")).url == reverse("shop:home")
    assert not is_in(client)


@pytest.mark.parametrize(
    "name", ["profile", "addresses", "address_add", "email_change", "password_change", "close", "sign_in", "sign_up"]
)
def test_personal_pages_are_kept_by_nobody_and_ask_for_a_sign_in(client, client_factory, user, name):
    stranger = client_factory().get(reverse(f"accounts:{name}"))
    assert stranger.status_code == (200 if name.startswith("sign") else 302)
    client.force_login(user)
    for answer in (stranger, client.get(reverse(f"accounts:{name}"))):
        assert {"private", "no-store"} <= {part.strip() for part in answer["Cache-Control"].split(",")}


def test_forms_refuse_a_post_without_the_token(user, client_factory):
    browser = client_factory(enforce_csrf_checks=True)
    browser.force_login(user)
    names = ["sign_in", "sign_up", "sign_out", "profile", "address_add", "email_change", "password_change", "close"]
    assert {browser.post(reverse(f"accounts:{name}")).status_code for name in names} == {403}


def test_the_page_bears_the_name_of_the_store(client):
    assert "<title>Sign in · Cryptons</title>" in client.get(SIGN_IN).content.decode()
