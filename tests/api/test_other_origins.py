"""Pages of other origins: shut out unless `CORS_ORIGINS` lets them in, and then without anybody's cookies."""

import pytest

from tests.api.conftest import Api
from tests.factories import ProductFactory

APP = "https://app.example"
CORS = "corsheaders.middleware.CorsMiddleware"


@pytest.fixture
def opened(settings):
    settings.CORS_ALLOWED_ORIGINS = [APP]
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:2], CORS, *settings.MIDDLEWARE[2:]]


def told(answer):
    """Return what an answer tells the page's browser, by the header's short name."""
    prefix = "access-control-"
    return {
        name.lower().removeprefix(prefix): value for name, value in answer.headers.items() if prefix in name.lower()
    }


def preflight(api, origin=APP, path="/orders"):
    return api.send(
        "OPTIONS",
        path,
        origin=origin,
        access_control_request_method="POST",
        access_control_request_headers="authorization,idempotency-key",
    )


def test_without_the_setting_no_page_of_another_origin_is_let_in(api):
    for answer in (api.get("/products", origin=APP), preflight(api)):
        assert told(answer) == {}
        assert "origin" not in answer.headers.get("Vary", "").lower()


def test_a_page_of_an_origin_that_is_named_may_read_answers_and_their_headers(api, opened):
    answer = api.get("/products", origin=APP)
    said = told(answer)
    assert answer.status == 200
    assert said["allow-origin"] == APP
    assert {"ETag", "RateLimit-Remaining", "Retry-After", "X-Request-ID", "Idempotent-Replayed"} <= set(
        said["expose-headers"].split(", ")
    )
    assert "allow-credentials" not in said


@pytest.mark.parametrize(
    "origin",
    ["https://elsewhere.example", "http://app.example", "https://app.example:8443", "null", "https://app.example.evil"],
)
def test_a_page_of_another_origin_is_not(api, opened, origin):
    for answer in (api.get("/products", origin=origin), preflight(api, origin)):
        assert told(answer) == {}
        assert "origin" in answer.headers["Vary"].lower()


def test_a_question_beforehand_is_answered_at_once_and_not_counted(api, opened, settings, django_assert_num_queries):
    settings.RATELIMIT_API = (1, 900)
    with django_assert_num_queries(0):
        answers = [preflight(api) for _ in range(3)]
    said = told(answers[2])
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert {
        "authorization",
        "content-type",
        "idempotency-key",
        "if-none-match",
        "x-request-id",
        "last-event-id",
    } <= set(said["allow-headers"].split(", "))
    assert set(said["allow-methods"].split(", ")) == {"DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"}
    assert said["max-age"] == "7200"
    assert answers[2].headers["X-Request-ID"]
    assert api.get("/products").headers["RateLimit-Remaining"] == "0"


def test_errors_may_be_read_too(api, opened, settings, monkeypatch):
    settings.RATELIMIT_API = (3, 900)

    def crash(*args, **kwargs):
        raise RuntimeError("a crash")

    assert api.get("/auth/profile", origin=APP).status == 401
    assert api.get("/nothing", origin=APP).status == 404
    monkeypatch.setattr("shop.api.products.Products.get", crash)
    for status in (500, 429):
        answer = api.get("/products", origin=APP)
        assert (answer.status, told(answer)["allow-origin"]) == (status, APP)


def test_what_is_kept_is_kept_for_no_one_origin(opened, settings, db):
    settings.PAGE_CACHE_SECONDS = 60
    settings.CORS_ALLOWED_ORIGINS = [APP, "https://other.example"]
    ProductFactory()
    api = Api()
    for origin in (APP, "https://other.example", APP):
        answer = api.get("/products", origin=origin)
        assert (answer.status, told(answer)["allow-origin"]) == (200, origin)
        assert "origin" in answer.headers["Vary"].lower()
    plain = [api.get("/products") for _ in range(2)]
    assert [told(one) for one in plain] == [{}, {}]
    assert {"origin" in one.headers["Vary"].lower() for one in plain} == {True}
    same = api.get("/products", origin=APP, if_none_match=answer.headers["ETag"])
    assert (same.status, told(same)["allow-origin"]) == (304, APP)
    assert "origin" in same.headers["Vary"].lower()


def test_only_the_api_is_opened(client, opened, db):
    for path in ("/", "/products/", "/apiary", "/admin/login/"):
        response = client.get(path, headers={"origin": APP})
        assert not response.has_header("Access-Control-Allow-Origin")


def test_everybody_may_be_let_in_but_never_with_cookies(api, opened, settings):
    settings.CORS_ALLOW_ALL_ORIGINS = True
    said = told(api.get("/products", origin="https://anybody.example"))
    assert said["allow-origin"] == "*"
    assert "allow-credentials" not in said
