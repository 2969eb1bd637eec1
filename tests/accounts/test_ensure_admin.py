"""The first staff account of a store."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


def run():
    out = io.StringIO()
    call_command("ensure_admin", stdout=out)
    return out.getvalue()


def test_a_random_password_is_shown_once(settings):
    settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD = "Boss@Example.org", ""
    first, second = run(), run()
    user = User.objects.get()
    assert (user.email, user.is_staff, user.is_superuser) == ("boss@example.org", True, True)
    password = first.split("password ")[1].split(" (")[0]
    assert user.check_password(password)
    assert password not in second
    assert second == "There is a staff account already.\n"


def test_a_given_password_is_used_and_not_shown(settings):
    settings.ADMIN_PASSWORD = "chosen-by-the-owner"
    assert "chosen" not in run()
    assert User.objects.get().check_password("chosen-by-the-owner")


def test_a_store_that_has_staff_is_left_alone(settings):
    boss = StaffFactory()
    settings.ADMIN_PASSWORD = "another-password"
    run()
    assert list(User.objects.all()) == [boss]
    assert not User.objects.get().check_password("another-password")


def test_a_shopper_is_not_made_staff_by_a_restart(settings):
    UserFactory(email="admin@example.com")
    settings.ADMIN_EMAIL = "admin@example.com"
    with pytest.raises(CommandError, match="Choose another ADMIN_EMAIL"):
        run()
    assert not User.objects.filter(is_staff=True).exists()


@pytest.mark.parametrize(
    ("email", "password", "message"),
    [("admin", "", "is not an e-mail address"), ("admin@example.com", "short", "ADMIN_PASSWORD: ")],
)
def test_production_takes_no_weak_values(settings, email, password, message):
    settings.PRODUCTION, settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD = True, email, password
    with pytest.raises(CommandError, match=message):
        run()
    assert not User.objects.exists()
