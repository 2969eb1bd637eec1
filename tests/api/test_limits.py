"""How often somebody may ask, and what each answer says of it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import caches

from cryptons.api.limits import Window
from tests.api.conftest import Api
from tests.factories import PASSWORD

pytestmark = pytest.mark.urls("tests.api.shop_window")
WRONG = {"email": "owner@example.org", "password": "wrong"}


@pytest.fixture
def two_requests(settings):
    settings.RATELIMIT_API = (2, 900)


def test_a_stranger_has_a_hundred_requests_and_a_user_a_thousand(api, user):
    answer = api.get("/nothing")
    assert (answer.headers["RateLimit-Limit"], answer.headers["RateLimit-Remaining"]) == ("100", "99")
    assert 890 <= int(answer.headers["RateLimit-Reset"]) <= 900
    own = api.as_(user)
    own.get("/auth/profile")
    answer = own.get("/auth/profile")
    assert (answer.headers["RateLimit-Limit"], answer.headers["RateLimit-Remaining"]) == ("1000", "998")


def test_one_request_too_many_is_429_until_the_window_is_over(api, two_requests):
    assert [api.get("/test/numbers").headers["RateLimit-Remaining"] for _ in range(2)] == ["1", "0"]
    answer = api.get("/test/numbers")
    assert (answer.status, answer.code) == (429, "RATE_LIMITED")
    assert answer.headers["RateLimit-Remaining"] == "0"
    assert 890 <= int(answer.headers["Retry-After"]) <= 900
    caches["limits"].clear()  # what the end of the window does
    assert api.get("/test/numbers").status == 200


@pytest.mark.parametrize("path", ["/nothing", "/auth/profile", "/test/money"])
def test_whatever_is_asked_is_counted(api, two_requests, path):
    assert [api.get(path).status == 429 for _ in range(3)] == [False, False, True]


def test_guessing_tokens_is_counted(api, two_requests):
    guesser = api.with_token("a.b.c")
    assert [guesser.get("/auth/profile").status for _ in range(3)] == [401, 401, 429]


def test_each_address_has_its_own_count_and_an_ipv6_customer_has_one(api, two_requests):
    for _ in range(3):
        api.from_("192.0.2.1").get("/test/numbers")
    assert api.from_("192.0.2.2").get("/test/numbers").status == 200
    customer = [api.from_(f"2001:db8::{number}").get("/test/numbers").status for number in range(3)]
    assert customer == [200, 200, 429]
    assert api.from_("2001:db8:0:1::1").get("/test/numbers").status == 200


def test_forwarded_addresses_are_believed_only_as_far_as_our_proxies_go(api, two_requests, settings):
    asked = [api.get("/test/numbers", x_forwarded_for=f"192.0.2.{number}").status for number in range(3)]
    assert asked == [200, 200, 429]
    settings.TRUSTED_PROXIES = 1
    asked = [api.get("/test/numbers", x_forwarded_for=f"{number}, 192.0.2.9").status for number in range(3)]
    assert asked == [200, 200, 429]


def test_what_stands_outside_the_limit_is_neither_refused_nor_counted(api, two_requests):
    for _ in range(3):
        assert api.get("/test/uncounted").headers["RateLimit-Remaining"] == "2"
    api.get("/test/numbers")
    assert api.get("/test/uncounted").headers["RateLimit-Remaining"] == "1"


def test_five_tries_to_sign_in_then_429(api, user):
    answers = [api.post("/auth/login", WRONG) for _ in range(6)]
    assert [answer.status for answer in answers] == [401] * 5 + [429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["4", "3", "2", "1", "0", "0"]
    assert answers[0].headers["RateLimit-Limit"] == "5"
    assert int(answers[5].headers["Retry-After"]) > 0
    assert api.post("/auth/login", {**WRONG, "password": PASSWORD}).status == 429


@pytest.mark.parametrize("path", ["/auth/register", "/auth/refresh"])
def test_registering_and_refreshing_are_limited_each_by_itself(api, path):
    assert [api.post(path, {}).status for _ in range(6)] == [400] * 5 + [429]
    assert api.post("/auth/login", {}).status == 400


def test_a_stranger_who_guesses_does_not_keep_the_owner_out(api, user):
    for _ in range(6):
        api.from_("192.0.2.1").post("/auth/login", WRONG)
    assert api.from_("192.0.2.2").post("/auth/login", {**WRONG, "password": PASSWORD}).status == 200


def test_tries_on_the_sign_in_page_count_here_too(api, user, client):
    for _ in range(5):
        client.post("/account/sign-in/", {"username": user.email, "password": "wrong"})
    answer = api.post("/auth/login", {**WRONG, "password": PASSWORD})
    assert (answer.status, answer.code) == (429, "RATE_LIMITED")
    assert 840 < int(answer.headers["Retry-After"]) <= 900


def test_guessing_the_password_with_a_stolen_token_is_limited(api, user):
    thief = api.as_(user)
    sent = {"currentPassword": "guess", "newPassword": "three unrelated words"}
    assert [thief.put("/auth/password", sent).status for _ in range(6)] == [400] * 5 + [429]


def test_the_count_is_exact_with_many_at_once():
    window = Window("test", "somebody", 10, 900)
    window.count()
    with ThreadPoolExecutor(8) as pool:
        states = list(pool.map(lambda _: window.count(), range(40)))
    assert sorted(state.used for state in states) == list(range(2, 42))
    assert sum(not state.is_over for state in states) == 9


def test_a_crowd_of_addresses_pushes_no_count_out(api, two_requests):
    for _ in range(3):
        Api(address="192.0.2.1").get("/test/numbers")
    for number in range(1000):
        Window("api", f"198.51.100.{number}", 2, 900).count()
    assert Api(address="192.0.2.1").get("/test/numbers").status == 429


def test_a_cache_that_is_away_refuses_nobody(api, settings):
    settings.CACHES = {
        **settings.CACHES,
        "limits": {"BACKEND": "cryptons.counting.CountingRedis", "LOCATION": "redis://127.0.0.1:9/0"},
    }
    answer = api.get("/test/numbers")
    assert (answer.status, answer.headers["RateLimit-Limit"]) == (200, "100")
