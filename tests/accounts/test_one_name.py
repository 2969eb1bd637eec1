"""User names are compared without regard to case, however they are stored."""

import pytest
from django.urls import reverse

from accounts.models import User, folded_username
from accounts.services import edit_account, register
from cryptons.errors import AlreadyExists
from tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
ALIKE = ["Ada", "ADA", "ada", "Ａｄａ"]


@pytest.fixture
def ada():
    return UserFactory(username="Ada", email="ada@example.org")


@pytest.mark.parametrize("name", ALIKE)
def test_nobody_registers_under_a_name_that_is_taken(ada, name):
    with pytest.raises(AlreadyExists) as refusal:
        register(email="other@example.org", password="three unrelated words", username=name)
    assert refusal.value.details[0]["field"] == "username"
    assert User.objects.count() == 1


@pytest.mark.parametrize("name", ALIKE)
def test_nobody_takes_a_name_that_is_taken(ada, name):
    other = UserFactory(username="grace")
    with pytest.raises(AlreadyExists):
        edit_account(user=other, username=name)
    assert User.objects.get(pk=other.pk).username == "grace"


def test_ones_own_name_may_change_its_case_and_the_old_one_is_free_then(ada):
    assert edit_account(user=ada, username="ADA").username == "ADA"
    assert edit_account(user=ada, username="Countess").username_folded == "countess"
    register(email="other@example.org", password="three unrelated words", username="ada")


def test_rows_made_in_one_go_are_compared_too(ada):
    User.objects.bulk_create(
        [User(email="b@example.org", username="Boole"), User(email="c@example.org", username="Cantor")]
    )
    assert set(User.objects.values_list("username_folded", flat=True)) == {"ada", "boole", "cantor"}


def test_the_admin_says_that_a_name_is_taken(ada, client):
    client.force_login(StaffFactory())
    other = UserFactory(username="grace")
    page = reverse("admin:accounts_user_change", args=[other.pk])
    inline = {"addresses-TOTAL_FORMS": 0, "addresses-INITIAL_FORMS": 0}
    answer = client.post(page, {"email": other.email, "username": "ADA", "is_active": "on", **inline})
    assert "This user name is taken." in answer.content.decode()
    assert User.objects.get(pk=other.pk).username == "grace"


def test_a_name_that_grows_when_it_is_folded_still_fits():
    assert len(folded_username("\ufdfa" * 150)) == 64
    assert folded_username("Straße") == folded_username("STRASSE") == "strasse"
