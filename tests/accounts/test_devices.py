"""The page of the apps that somebody is signed in with."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import ApiSession
from accounts.services import end_session, open_session, reset_password
from accounts.tasks import forget_devices
from cryptons import clock
from tests.factories import StaffFactory, UserFactory

DEVICES = reverse("accounts:devices")


@pytest.fixture
def signed_in(client, user):
    client.force_login(user)
    return client


def live():
    return ApiSession.objects.filter(ended_at=None).count()


def test_the_page_lists_ones_own_devices_without_markup_of_theirs(signed_in, user):
    open_session(user=user, device="Shop app <b>1</b>\n")
    open_session(user=UserFactory(), device="Somebody else")
    page = signed_in.get(DEVICES).content.decode()
    assert "Shop app &lt;b&gt;1&lt;/b&gt;" in page
    assert "Somebody else" not in page


def test_a_device_is_signed_out_by_its_owner_alone(signed_in, user):
    own, other = open_session(user=user), open_session(user=UserFactory())
    assert signed_in.post(reverse("accounts:device_end", args=[other.session_id])).status_code == 404
    assert live() == 2
    assert signed_in.post(reverse("accounts:device_end", args=[own.session_id])).status_code == 302
    assert ApiSession.objects.get(ended_at=None).pk == other.session_id


def test_all_devices_are_signed_out_at_once(signed_in, user):
    open_session(user=user)
    open_session(user=user)
    signed_in.post(reverse("accounts:devices_end"))
    assert live() == 0


def test_looking_signs_nothing_out(signed_in, user):
    session = open_session(user=user)
    assert signed_in.get(reverse("accounts:device_end", args=[session.session_id])).status_code == 405
    assert live() == 1


def test_a_password_that_was_reset_signs_out_every_device(user):
    open_session(user=user)
    reset_password(user=user, new_password="three unrelated words")
    assert live() == 0


def test_ended_and_expired_sessions_are_forgotten_after_a_week(user):
    for name in ("ended", "expired", "ended lately", "live"):
        open_session(user=user, device=name)
    past = clock.now() - timedelta(days=8)
    ApiSession.objects.filter(device="ended").update(ended_at=past)
    ApiSession.objects.filter(device="expired").update(expires_at=past)
    end_session(user=user, session_id=ApiSession.objects.get(device="ended lately").pk)
    assert forget_devices() == 2
    assert set(ApiSession.objects.values_list("device", flat=True)) == {"ended lately", "live"}


def test_the_staff_may_end_a_session(client, user):
    session = open_session(user=user)
    client.force_login(StaffFactory())
    page = reverse("admin:accounts_apisession_changelist")
    assert client.get(page).status_code == 200
    client.post(page, {"action": "end", "_selected_action": [str(session.session_id)]})
    assert live() == 0
