"""A request sent again with its Idempotency-Key is answered again and not done again."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from cryptons import clock
from cryptons.api.models import IdempotencyRecord
from cryptons.api.tasks import forget_keys
from tests.api import shop_window
from tests.factories import UserFactory

pytestmark = pytest.mark.urls("tests.api.shop_window")
PRODUCT = "01890000-0000-7000-8000-000000000000"
SENT = {"productId": PRODUCT, "quantity": 2}


@pytest.fixture(autouse=True)
def done():
    shop_window.done.clear()
    shop_window.hold.set()
    return shop_window.done


def later(monkeypatch, by):
    moment = clock.now() + by
    monkeypatch.setattr("cryptons.clock.now", lambda: moment)


def test_the_same_key_and_body_get_the_stored_answer(api, user, done):
    own = api.as_(user)
    first = own.post("/test/once", SENT, idempotency_key="k1")
    again = own.post("/test/once", SENT, idempotency_key="k1")
    assert (first.status, again.status, again.text) == (201, 201, first.text)
    assert ("Idempotent-Replayed" in first.headers, again.headers["Idempotent-Replayed"]) == (False, "true")
    assert again.headers["Content-Type"] == "application/json"
    assert again.headers["Cache-Control"] == "private, no-store"
    assert len(done) == 1


def test_without_a_key_each_request_is_done(api, user, done):
    own = api.as_(user)
    assert [own.post("/test/once", SENT).status for _ in range(2)] == [201, 201]
    assert len(set(done)) == 2


def test_the_same_key_with_another_body_is_422_and_does_nothing(api, user, done):
    own = api.as_(user)
    own.post("/test/once", SENT, idempotency_key="k1")
    answer = own.post("/test/once", {**SENT, "quantity": 3}, idempotency_key="k1")
    assert (answer.status, answer.code) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert len(done) == 1


def test_a_key_belongs_to_its_user(api, user, stranger, done):
    for person in (user, stranger):
        assert api.as_(person).post("/test/once", SENT, idempotency_key="k1").status == 201
    assert len(set(done)) == 2


def test_a_mistake_is_stored_like_any_answer(api, user):
    own = api.as_(user)
    for replayed in (None, "true"):
        answer = own.post("/test/once", {"quantity": 0}, idempotency_key="k1")
        assert (answer.status, set(answer.fields)) == (400, {"productId", "quantity"})
        assert answer.headers.get("Idempotent-Replayed") == replayed


@pytest.mark.parametrize(("quantity", "status"), [(404, 503), (409, 409), (500, 500)])
def test_what_may_go_better_next_time_is_tried_again_as_the_same_operation(api, user, done, quantity, status):
    own = api.as_(user)
    for _ in range(2):
        answer = own.post("/test/once", {**SENT, "quantity": quantity}, idempotency_key="k1")
        assert (answer.status, "Idempotent-Replayed" in answer.headers) == (status, False)
    assert len(done) == 2
    assert len(set(done)) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "caf\u00e9", "a\tb"])
def test_what_is_no_key_is_refused(api, user, done, key):
    answer = api.as_(user).post("/test/once", SENT, idempotency_key=key)
    assert (answer.status, list(answer.fields)) == (400, ["Idempotency-Key"])
    assert done == []


def test_a_key_of_the_longest_kind_is_taken(api, user):
    assert api.as_(user).post("/test/once", SENT, idempotency_key="~" * 255).status == 201


def test_a_key_is_forgotten_after_a_day(api, user, done, settings, monkeypatch):
    settings.ACCESS_TOKEN_SECONDS = 10**6
    own = api.as_(user)
    own.post("/test/once", SENT, idempotency_key="k1")
    later(monkeypatch, timedelta(hours=24, seconds=1))
    answer = own.post("/test/once", {**SENT, "quantity": 3}, idempotency_key="k1")
    assert (answer.status, "Idempotent-Replayed" in answer.headers) == (201, False)
    assert len(set(done)) == 2


def test_old_keys_are_cleared_away(api, user, monkeypatch):
    api.as_(user).post("/test/once", SENT, idempotency_key="k1")
    assert forget_keys() == 0
    later(monkeypatch, timedelta(hours=25))
    assert forget_keys() == 1


def test_a_request_whose_process_died_is_taken_up_as_the_same_operation(api, user, done, monkeypatch):
    own = api.as_(user)
    own.post("/test/once", SENT, idempotency_key="k1")
    IdempotencyRecord.objects.update(status=None, body="")
    answer = own.post("/test/once", SENT, idempotency_key="k1")
    assert (answer.status, answer.code) == (409, "REQUEST_IN_PROGRESS")
    later(monkeypatch, timedelta(minutes=3))
    assert own.post("/test/once", SENT, idempotency_key="k1").status == 201
    assert len(done) == 2
    assert len(set(done)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_one_is_done_and_all_others_are_told_to_wait():
    from tests.api.conftest import Api  # noqa: PLC0415

    own = Api().as_(UserFactory())
    shop_window.hold.clear()
    ready = threading.Barrier(20)

    def send(_):
        ready.wait()
        try:
            answer = own.post("/test/once", SENT, idempotency_key="k1")
            if answer.status == 409:
                shop_window.hold.set()
            return answer
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(20)))
    assert len(shop_window.done) == 1
    fresh = [answer for answer in answers if answer.status == 201 and "Idempotent-Replayed" not in answer.headers]
    assert len(fresh) == 1
    assert {answer.status for answer in answers} == {201, 409}
    assert {answer.code for answer in answers if answer.status == 409} == {"REQUEST_IN_PROGRESS"}
    assert {answer.text for answer in answers if answer.status == 201} == {fresh[0].text}
    assert own.post("/test/once", SENT, idempotency_key="k1").headers["Idempotent-Replayed"] == "true"
    assert len(shop_window.done) == 1
