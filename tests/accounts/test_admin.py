"""People in the admin."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import AccountMail, MailKind, User
from tests.factories import PASSWORD, AddressFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


def page(user):
    return reverse("admin:accounts_user_change", args=[user.pk])


def edited(user, **change):
    fields = {"email": user.email, "username": user.username, "is_active": "on"}
    inline = {"addresses-TOTAL_FORMS": 0, "addresses-INITIAL_FORMS": 0}
    return {**fields, **inline, **change}


@pytest.fixture
def clerk():
    """Staff below a superuser, who may look after people."""
    clerk = UserFactory(is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    return clerk


def test_lists_find_people_by_name_and_address(client):
    client.force_login(StaffFactory())
    UserFactory(email="ada@example.org", first_name="Ada", last_name="Byron")
    for word in ("byron", "ADA@", "Ada"):
        answer = client.get(reverse("admin:accounts_user_changelist"), {"q": word, "confirmed": "yes"})
        assert "ada@example.org" in answer.content.decode()
    assert "ada@" not in client.get(reverse("admin:accounts_user_changelist"), {"confirmed": "no"}).content.decode()


def test_the_page_shows_no_hash_and_leads_to_the_password_form(client, user):
    client.force_login(StaffFactory())
    AddressFactory(user=user, line1="Mill Lane 99")
    content = client.get(page(user)).content.decode()
    assert "Mill Lane 99" in content
    assert user.password not in content
    assert user.password.split("$")[-1] not in content
    form = reverse("admin:auth_user_password_change", args=[user.pk])
    assert form in content
    new = "another-long-password"
    client.post(form, {"password1": new, "password2": new, "usable_password": "true"})
    user.refresh_from_db()
    assert user.check_password(new)


def test_a_new_user_may_sign_in_and_is_found_taken_in_any_case(client, user):
    client.force_login(StaffFactory())
    add = reverse("admin:accounts_user_add")
    new = {"username": "ada", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    client.post(add, {**new, "email": "Ada@Example.org"})
    assert User.objects.get(username="ada").email == "ada@example.org"
    assert User.objects.get(username="ada").email_confirmed_at is not None
    taken = client.post(add, {**new, "username": "eve", "email": "OWNER@example.org"})
    assert "already exists" in taken.content.decode()


def test_a_clerk_edits_shoppers_but_gives_no_rights(client, clerk, user):
    client.force_login(clerk)
    client.post(page(user), edited(user, first_name="Ada", is_staff="on", is_superuser="on"))
    user.refresh_from_db()
    assert (user.first_name, user.is_staff, user.is_superuser) == ("Ada", False, False)


def test_a_clerk_touches_no_colleague(client, clerk):
    boss = StaffFactory()
    client.force_login(clerk)
    password = reverse("admin:auth_user_password_change", args=[boss.pk])
    assert client.post(page(boss), edited(boss, email="mine@example.org")).status_code == 403
    assert client.get(password).status_code == 403
    assert client.post(reverse("admin:accounts_user_delete", args=[boss.pk]), {"post": "yes"}).status_code == 403
    boss.refresh_from_db()
    assert boss.check_password(PASSWORD)


def test_mail_and_addresses_are_looked_at_only(client):
    client.force_login(StaffFactory())
    row = AccountMail.objects.create(key="k", kind=MailKind.RESET, to="a@example.org")
    address = AddressFactory()
    for name, pk in (("accountmail", row.pk), ("address", address.pk)):
        assert client.get(reverse(f"admin:accounts_{name}_changelist")).status_code == 200
        assert client.get(reverse(f"admin:accounts_{name}_change", args=[pk])).status_code == 200
        assert client.post(reverse(f"admin:accounts_{name}_change", args=[pk]), {}).status_code == 403
        assert client.get(reverse(f"admin:accounts_{name}_add")).status_code == 403


def test_a_mail_is_sent_again_on_request(client, mailoutbox, delivered, user):
    client.force_login(StaffFactory())
    row = AccountMail.objects.create(key="k", kind=MailKind.PASSWORD_CHANGED, to=user.email, user=user)
    assert len(delivered()) == 1
    client.post(
        reverse("admin:accounts_accountmail_changelist"), {"action": "try_again", "_selected_action": [str(row.pk)]}
    )
    assert len(delivered()) == 2
