"""Forgotten and changed passwords."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.db import connection
from django.urls import reverse

from accounts import services
from accounts.models import AccountMail, User
from accounts.tokens import DeadLink
from cryptons import clock
from cryptons.errors import DomainError, InvalidInput
from tests.accounts.conftest import link_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NEW = "a-rather-different-one"
RESET = reverse("accounts:password_reset")


def open_form(browser, message):
    """Follow the link as far as the form that takes the new password."""
    return browser.get(link_in(message), follow=True).redirect_chain[-1][0]


def test_a_link_from_the_mailbox_sets_a_new_password_once(client, user, delivered):
    client.post(RESET, {"email": "OWNER@example.org"})
    (message,) = delivered()
    assert message.to == ["owner@example.org"]
    form = open_form(client, message)
    assert "token" not in form
    assert client.post(form, {"new_password": NEW}).url == reverse("accounts:password_reset_complete")
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert "This link no longer works" in client.get(link_in(message), follow=True).content.decode()


def test_whoever_holds_an_unconfirmed_account_cannot_kill_the_link_of_the_mailbox(client, delivered):
    squatter = services.register(email="victim@example.org", password=PASSWORD, username="squatter")
    stolen = services.open_session(user=squatter)
    client.post(RESET, {"email": squatter.email})
    message = delivered()[-1]
    User.objects.filter(pk=squatter.pk).update(last_login=clock.now())  # what signing in through the API does
    services.change_password(user=squatter, old_password=PASSWORD, new_password="another-of-the-squatter")
    assert client.post(open_form(client, message), {"new_password": NEW}).status_code == 302
    squatter.refresh_from_db()
    assert squatter.check_password(NEW)
    assert squatter.email_confirmed_at
    with pytest.raises(DomainError):
        services.refresh_session(token=stolen.refresh)
    assert "This link no longer works" in client.get(link_in(message), follow=True).content.decode()


def test_a_changed_password_ends_older_links(client, user, delivered):
    client.post(RESET, {"email": user.email})
    message = delivered()[-1]
    services.change_password(user=user, old_password=PASSWORD, new_password=NEW)
    assert "This link no longer works" in client.get(link_in(message), follow=True).content.decode()


def test_the_same_answer_comes_for_every_address(client_factory, user, delivered):
    UserFactory(email="closed@example.org", is_active=False)
    seen = set()
    for name in ("owner", "closed", "unknown"):
        browser = client_factory()
        answer = browser.post(RESET, {"email": f"{name}@example.org"}, follow=True)
        seen.add((answer.status_code, tuple(answer.redirect_chain), answer.content, tuple(browser.cookies)))
    assert len(seen) == 1
    assert AccountMail.objects.count() == 3  # the same work, too: who has an account is looked up at delivery
    assert [message.to for message in delivered()] == [["owner@example.org"]]


def test_a_link_expires(client, user, delivered, monkeypatch):
    client.post(RESET, {"email": user.email})
    (message,) = delivered()
    later = datetime.now(UTC).astimezone().replace(tzinfo=None) + timedelta(
        hours=4, seconds=5
    )  # Django's generator counts in local time
    monkeypatch.setattr(type(default_token_generator), "_now", lambda self: later)
    assert "This link no longer works" in client.get(link_in(message), follow=True).content.decode()


def test_a_weak_password_is_refused_by_name(client, user, delivered):
    client.post(RESET, {"email": user.email})
    form = open_form(client, delivered()[0])
    answer = client.post(form, {"new_password": "owner@example.org"}).content.decode()
    assert "too similar to the e-mail address" in answer
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_reset_confirms_the_address_and_takes_the_brake_off(client, delivered):
    waiting = UserFactory(email="waiting@example.org", email_confirmed_at=None)
    for _ in range(6):
        client.post(reverse("accounts:sign_in"), {"username": waiting.email, "password": "wrong"})
    client.post(RESET, {"email": waiting.email})
    client.post(open_form(client, delivered()[0]), {"new_password": NEW})
    client.post(reverse("accounts:sign_in"), {"username": waiting.email, "password": NEW})
    assert client.session["_auth_user_id"] == str(waiting.pk)


def test_a_change_ends_other_sessions_and_is_told(client, client_factory, user, delivered):
    other = client_factory()
    for browser in (client, other):
        browser.force_login(user)
    answer = client.post(reverse("accounts:password_change"), {"old_password": PASSWORD, "new_password": NEW})
    assert answer.url == reverse("accounts:profile")
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert other.get(reverse("accounts:profile")).status_code == 302
    assert [message.subject for message in delivered()] == ["Your password was changed – Cryptons"]


def test_a_reset_ends_all_sessions(client, client_factory, user, delivered):
    client.force_login(user)
    elsewhere = client_factory()
    elsewhere.post(RESET, {"email": user.email})
    elsewhere.post(open_form(elsewhere, delivered()[0]), {"new_password": NEW})
    assert client.get(reverse("accounts:profile")).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("wrong", NEW, "This is not your current password."),
        ("", NEW, "Enter your current password."),
        (PASSWORD, "short", "at least 10 characters"),
    ],
)
def test_a_refused_change_changes_nothing(client, user, old, new, message):
    client.force_login(user)
    answer = client.post(reverse("accounts:password_change"), {"old_password": old, "new_password": new})
    assert message in answer.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert not AccountMail.objects.exists()


def test_the_service_names_the_field(user):
    with pytest.raises(InvalidInput) as refusal:
        services.change_password(user=user, old_password="wrong", new_password=NEW)
    assert refusal.value.details == [{"field": "old_password", "message": "This is not your current password."}]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_one_link_at_once_one_wins():
    key = UserFactory().pk
    readers = [User.objects.get(pk=key) for _ in range(2)]  # both have passed the check of the token
    outcomes = []

    def reset(user, password):
        try:
            services.reset_password(user=user, new_password=password)
            outcomes.append(password)
        except DeadLink:
            outcomes.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=reset, args=(u, f"{NEW}-{n}")) for n, u in enumerate(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [password for password in outcomes if password]
    assert User.objects.get(pk=key).check_password(winner)
    assert AccountMail.objects.count() == 1
