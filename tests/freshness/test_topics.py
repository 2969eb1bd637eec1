"""What was made is good until something of it changes; whoever changed it, and wherever they died."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import transaction

from accounts.models import User
from accounts.topics import account
from cryptons import clock, freshness
from cryptons.db import atomic
from cryptons.freshness.board import SIZE, RedisBoard
from cryptons.models import Change
from cryptons.tasks import tell_again
from tests.factories import PASSWORD, UserFactory

STOCK = freshness.busy_topic("stock", "mug")
OTHER = freshness.busy_topic("stock", "kettle")


def made(*topics, longest=600.0):
    """Return what something was seen to be made of just now."""
    with freshness.making(freshness.state()) as making:
        freshness.made_of(*topics)
    return making.seen(longest)


def is_good(seen, **later):
    return seen.is_good(freshness.state(), (clock.now() + timedelta(**later)).timestamp())


def change_and_fail():
    with atomic():
        freshness.changed(STOCK)
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("changed", "good"), [(freshness.CATALOGUE, False), (freshness.RATES, False), (STOCK, False), (OTHER, True)]
)
def test_it_is_good_until_something_of_it_changes(changed, good):
    seen = made(STOCK)
    assert is_good(seen)
    freshness.tell(changed)
    assert is_good(seen) is good


def test_it_is_believed_for_so_long_and_no_longer():
    seen = made(longest=60)
    assert is_good(seen, seconds=59)
    assert not is_good(seen, seconds=60)


def test_it_ends_when_it_becomes_untrue_by_itself():
    with freshness.making(freshness.state()) as making:
        freshness.true_until(clock.now() + timedelta(seconds=30))
        freshness.true_until(clock.now() + timedelta(seconds=90))
    seen = making.seen(600)
    assert is_good(seen, seconds=29)
    assert not is_good(seen, seconds=30)


def test_a_clock_that_was_put_back_makes_nothing_live_longer():
    assert not is_good(made(longest=60), hours=-1)


def test_where_the_marks_cannot_be_read_nothing_is_good():
    seen = made()
    assert not seen.is_good(freshness.State(b""), clock.now().timestamp())


@pytest.mark.django_db(transaction=True)
def test_a_change_is_told_when_it_is_committed_and_not_before():
    seen = made(STOCK)
    with atomic():
        freshness.changed(STOCK)
        assert is_good(seen)
    assert not is_good(seen)


@pytest.mark.django_db(transaction=True)
def test_a_change_outside_of_a_transaction_is_told_at_once():
    seen = made(STOCK)
    freshness.changed(STOCK)
    assert not is_good(seen)


@pytest.mark.django_db(transaction=True)
def test_while_redis_is_away_what_was_written_stays_and_the_worker_tells_it(monkeypatch, settings):
    user = UserFactory()
    seen = made(account(user.pk))
    # As an older store may have it: signing in renews it.
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    user.password = PBKDF2PasswordHasher().encode(PASSWORD, "a salt of some length", 10)
    away = RedisBoard("redis://127.0.0.1:1/0")
    monkeypatch.setattr(freshness, "board", lambda: away)
    user.save()
    assert authenticate(username=user.email, password=PASSWORD) == user
    assert not User.objects.get().password.startswith("pbkdf2")
    monkeypatch.undo()
    assert is_good(seen), "nobody could be told"
    assert tell_again() == 2
    assert not is_good(seen)


@pytest.mark.django_db(transaction=True)
def test_a_change_that_was_taken_back_is_not_told():
    seen = made(STOCK)
    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    assert is_good(seen)
    assert not Change.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_inside_does_not_silence_what_stays():
    seen = made(STOCK)
    with atomic():
        with pytest.raises(ZeroDivisionError):
            change_and_fail()
        freshness.changed(STOCK)
    assert not is_good(seen)


@pytest.mark.django_db(transaction=True)
def test_many_changes_in_one_transaction_are_one_row():
    with atomic():
        freshness.changed(STOCK, OTHER)
        for _ in range(20):
            freshness.changed(STOCK)
    assert [row.topics for row in Change.objects.all()] == [",".join(map(str, sorted((STOCK, OTHER))))]


def test_what_changes_all_the_time_shares_no_place_with_what_seldom_does():
    quiet = {freshness.topic("reviews", number) for number in range(3000)}
    busy = {freshness.busy_topic("stock", number) for number in range(3000)}
    assert quiet.isdisjoint(busy)
    assert quiet.isdisjoint({freshness.CATALOGUE, freshness.RATES})
    assert max(busy) < SIZE


@pytest.mark.django_db(transaction=True)
def test_what_was_told_is_not_told_again_so_that_nothing_is_made_twice_for_it():
    with atomic():
        freshness.changed(STOCK)
    made_since = made(STOCK)
    assert tell_again() == 0
    assert is_good(made_since)
    assert not Change.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_several_changes_of_one_thing_the_untold_one_is_told_whatever_came_after_it(monkeypatch):
    with monkeypatch.context() as dying:
        dying.setattr(freshness, "tell", lambda *_topics: (_ for _ in ()).throw(OSError("killed here")))
        with atomic():
            freshness.changed(STOCK)
    with atomic():
        freshness.changed(STOCK)
    seen = made(STOCK)
    assert tell_again() == 1
    assert not is_good(seen)


@pytest.mark.django_db(transaction=True)
def test_what_a_dead_process_did_not_tell_the_worker_tells(monkeypatch):
    seen, untouched = made(STOCK), made(OTHER)
    monkeypatch.setattr(freshness, "tell", lambda *_topics: (_ for _ in ()).throw(OSError("killed here")))
    with atomic():
        freshness.changed(STOCK)
    monkeypatch.undo()
    assert is_good(seen), "the change is committed and nobody knows"
    assert tell_again() == 1
    assert not is_good(seen)
    assert is_good(untouched)
    assert tell_again() == 0


@pytest.mark.django_db(transaction=True)
def test_a_telling_that_fails_undoes_nothing_and_keeps_nothing_else_from_happening(monkeypatch):
    done = []
    monkeypatch.setattr(freshness, "tell", lambda *_topics: (_ for _ in ()).throw(OSError("no room")))
    with atomic():
        freshness.changed(STOCK)
        transaction.on_commit(lambda: done.append("told"))
    assert done == ["told"]
    assert Change.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_within_a_transaction_nothing_can_be_remembered_by_the_marks():
    assert freshness.lasting_state() == freshness.state()
    with transaction.atomic():
        assert not freshness.lasting_state()
