"""Whether the watcher sees: asked of the database once a second."""

from datetime import timedelta

import pytest

from cryptons import clock
from payments import health
from payments.models import Watcher

pytestmark = pytest.mark.django_db(transaction=True)


def stop(monkeypatch, moment):
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_a_failing_watcher_is_known_a_second_later_at_most(monkeypatch, django_assert_num_queries):
    now = clock.now()
    Watcher.objects.create(coin="BTC", last_ok_at=now - timedelta(seconds=9))
    stop(monkeypatch, now)
    assert not health.is_blind("BTC", since=now)
    Watcher.objects.update(last_error_at=now)
    with django_assert_num_queries(0):
        assert not health.is_blind("BTC", since=now)
    stop(monkeypatch, now + timedelta(seconds=1))
    with django_assert_num_queries(1):
        assert health.is_blind("BTC", since=now)


def test_what_is_remembered_grows_old_as_the_look_itself_does(monkeypatch):
    now = clock.now()
    Watcher.objects.create(coin="BTC", last_ok_at=now - health.SILENCE)
    for later, blind in ((0, False), (1, True)):
        stop(monkeypatch, now + timedelta(milliseconds=later))
        assert health.is_blind("BTC", since=now) is blind
