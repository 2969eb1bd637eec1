"""Counts in the database: exact among any number of processes, whatever the cache is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts import brake
from cryptons import clock
from cryptons.api.models import Tally
from cryptons.api.tasks import forget_tries
from cryptons.api.tries import SureWindow
from tests.api.conftest import Api
from tests.factories import PASSWORD

WINDOW = SureWindow("test", "somebody", 5, 900)


@pytest.fixture
def later(monkeypatch):
    def move(seconds):
        moment = timezone.now() + timedelta(seconds=seconds)
        monkeypatch.setattr(clock, "now", lambda: moment)

    return move


def at_once(number):
    """Return how many of so many simultaneous tries went through."""

    def attempt(_):
        try:
            return not WINDOW.count().is_over
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(attempt, range(number)))


@pytest.mark.django_db(transaction=True)
def test_of_many_simultaneous_tries_exactly_so_many_go_through(later):
    assert at_once(24) == 5
    later(901)
    assert at_once(24) == 5
    assert Tally.objects.get().used == 5


@pytest.mark.django_db
def test_a_window_tells_how_much_is_left_and_when_it_opens_again(later):
    assert [(state.left, state.is_over, state.reset) for state in [WINDOW.look(), WINDOW.count()]] == [
        (5, False, 900),
        (4, False, 900),
    ]
    later(100)
    over = [WINDOW.count() for _ in range(6)][-1]
    assert (over.left, over.is_over) == (0, True)
    assert 795 <= over.reset <= 801
    later(901)
    assert WINDOW.look().left == 5


@pytest.mark.django_db
def test_tries_are_taken_back_only_where_there_are_so_many():
    for _ in range(3):
        WINDOW.count()
    WINDOW.take_back(2)
    assert WINDOW.look().used == 1
    WINDOW.take_back(2)
    assert WINDOW.look().used == 1
    WINDOW.forget()
    assert WINDOW.look().used == 0


@pytest.mark.django_db
def test_counts_are_deleted_when_their_window_is_over(later):
    WINDOW.count()
    assert forget_tries() == 0
    later(901)
    assert forget_tries() == 1


@pytest.mark.django_db
def test_what_is_kept_names_nobody(rf):
    brake.may_try(rf.post("/account/sign-in/"), "owner@example.org")
    assert Tally.objects.count() == 3
    assert "owner" not in str(list(Tally.objects.values()))


def test_failures_by_user_name_brake_the_page_for_that_network_alone(api, user, client):
    for _ in range(5):
        assert api.post("/auth/login", {"username": "owner", "password": "wrong"}).status == 401
    sent = {"username": user.email, "password": PASSWORD}
    assert client.post("/account/sign-in/", sent).status_code == 429
    assert client.post("/account/sign-in/", sent, REMOTE_ADDR="192.0.2.2").status_code == 302


def test_failures_of_one_account_in_the_api_leave_the_page_open_for_others(api, user, stranger, client):
    for _ in range(5):
        api.post("/auth/login", {"username": "owner", "password": "wrong"})
    assert client.post("/account/sign-in/", {"username": stranger.email, "password": PASSWORD}).status_code == 302


def test_the_ways_into_the_api_are_counted_without_a_cache(api, user, settings):
    """Each process has an embedded cache of its own; a guesser must not get as many tries as there are processes."""
    away = {"BACKEND": "cryptons.counting.CountingRedis", "LOCATION": "redis://127.0.0.1:9/0"}
    settings.CACHES = {**settings.CACHES, "limits": away}
    answers = [Api().post("/auth/login", {"email": "nobody@example.org", "password": "wrong"}) for _ in range(6)]
    assert [answer.status for answer in answers] == [401] * 5 + [429]
