"""Many at once at the ways in: one gets what only one can have."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import ApiSession, User
from accounts.services import open_session
from tests.api.conftest import Api
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 12


@pytest.fixture(autouse=True)
def many_tries(settings):
    settings.RATELIMIT_AUTH = (1000, 900)


def at_once(send):
    """Return the answers of MANY threads that send at the same moment."""
    ready = threading.Barrier(MANY)

    def run(number):
        ready.wait()
        try:
            return send(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(run, range(MANY)))


def test_of_many_who_register_one_address_one_gets_it():
    def register(number):
        sent = {"username": f"ada{number}", "email": "ada@example.org", "password": "three unrelated words"}
        return Api().post("/auth/register", sent)

    answers = at_once(register)
    assert sorted(answer.status for answer in answers) == [201] + [409] * (MANY - 1)
    assert (User.objects.count(), ApiSession.objects.count()) == (1, 1)


def test_of_many_who_use_one_refresh_token_at_most_one_gets_new_tokens_and_the_session_ends():
    token = open_session(user=UserFactory()).refresh
    answers = at_once(lambda _: Api().post("/auth/refresh", {"refreshToken": token}))
    assert sorted(answer.status for answer in answers) == [200] + [401] * (MANY - 1)
    won = next(answer for answer in answers if answer.status == 200)
    assert Api(won.data["token"]).get("/auth/profile").code == "TOKEN_REVOKED"


def test_of_many_new_passwords_one_is_set_and_only_its_tokens_live():
    user = UserFactory()
    clients = [Api().as_(user) for _ in range(MANY)]

    def change(number):
        sent = {"currentPassword": PASSWORD, "newPassword": f"three unrelated words {number}"}
        return clients[number].put("/auth/password", sent)

    answers = at_once(change)
    won = [answer for answer in answers if answer.status == 200]
    assert len(won) == 1
    assert {answer.status for answer in answers} <= {200, 400, 401, 409}
    assert Api(won[0].data["token"]).get("/auth/profile").status == 200
    assert {client.get("/auth/profile").code for client in clients} == {"TOKEN_REVOKED"}
