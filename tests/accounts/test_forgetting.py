"""What nobody needs any more is deleted."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from accounts.tasks import forget_sessions
from cryptons.sessions import SessionStore


@pytest.mark.django_db
def test_a_session_that_ran_out_is_deleted_and_a_living_one_stays() -> None:
    living, over = SessionStore(), SessionStore()
    for session, left in ((living, timedelta(days=1)), (over, -timedelta(seconds=1))):
        session.set_expiry(left)
        session.save()
    forget_sessions()
    assert [row.session_key for row in Session.objects.all()] == [living.session_key]
