"""Whatever answers under /api, it answers in the envelope."""

import json

import pytest
from django.db import OperationalError

from cryptons.api.envelope import MESSAGES
from cryptons.serving import UNREAD


def test_an_unknown_path_is_not_found_in_the_envelope(api):
    for path in ("", "/", "/nothing", "/products/../x", "/auth/login/", "/auth/%00", "/auth/register/x"):
        answer = api.get(path)
        assert (answer.status, answer.code) == (404, "NOT_FOUND"), path
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Request-ID"]


def test_a_method_an_address_does_not_take_is_405_with_what_it_takes(api):
    answer = api.delete("/auth/login")
    assert (answer.status, answer.code) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["Allow"] == "POST"


def test_another_type_of_answer_is_406(api):
    answer = api.post("/auth/login", {}, accept="text/html")
    assert (answer.status, answer.code) == (406, "NOT_ACCEPTABLE")
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_type_of_body_is_415(api, content_type):
    answer = api.post("/auth/login", b"email=a", content_type=content_type)
    assert (answer.status, answer.code) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"\xff\xfe",
        b'{"email": NaN}',
        b'{"email": 1e999}',
        b'{"email": "\\ud800"}',
        b'{"email": "a",}',
        b"[" * 5000 + b"]" * 5000,
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b'{"a": ' + b"9" * 5000 + b"}",
        b"\x00",
    ],
)
def test_what_is_not_json_is_400(api, raw):
    answer = api.post("/auth/login", raw)
    assert (answer.status, answer.code) == (400, "MALFORMED_REQUEST")


@pytest.mark.parametrize("raw", [b"[]", b'"text"', b"5", b"null", b"true", b"5.5"])
def test_json_that_is_no_object_is_refused_as_a_body(api, raw):
    answer = api.post("/auth/login", raw)
    assert (answer.status, answer.code) == (400, "VALIDATION_ERROR")
    assert list(answer.fields) == ["body"]


def test_a_body_too_large_is_413(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = api.post("/auth/login", {"email": "x" * 2000})
    assert (answer.status, answer.code) == (413, "PAYLOAD_TOO_LARGE")


def test_a_body_in_pieces_is_refused_in_words(api):
    answer = api.post("/auth/login", transfer_encoding="chunked", content_length="")
    assert (answer.status, answer.code) == (400, "MALFORMED_REQUEST")


@pytest.mark.parametrize(("status", "code"), [(413, "PAYLOAD_TOO_LARGE"), (408, "MALFORMED_REQUEST")])
def test_what_the_server_did_not_read_is_refused_in_the_envelope(client, db, status, code):
    answer = client.post("/api/auth/login", **{UNREAD: (status, "Too much."), "HTTP_X_REQUEST_ID": "mine-1234"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/json")
    error = answer.json()["error"]
    assert (error["code"], error["message"]) == (code, MESSAGES[status])
    assert (answer.headers["X-Request-ID"], answer.headers["RateLimit-Limit"]) == ("mine-1234", "100")


def test_on_a_page_it_is_refused_in_words(client, db):
    answer = client.post("/account/sign-in/", **{UNREAD: (413, "Too much.")})
    assert (answer.status_code, answer.headers["Content-Type"], answer.content) == (413, "text/plain", b"Too much.")


def test_a_wrong_host_is_400_in_the_envelope(api):
    answer = api.get("/auth/profile", host="evil.example")
    assert (answer.status, answer.code) == (400, "MALFORMED_REQUEST")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["RateLimit-Limit"] == "100"


@pytest.mark.parametrize("debug", [False, True])
def test_a_crash_is_a_500_that_shows_nothing(api, monkeypatch, settings, debug):
    settings.DEBUG = debug

    def crash(**kwargs):
        raise RuntimeError("the secret is 4711")

    monkeypatch.setattr("accounts.services.sign_in", crash)
    answer = api.post("/auth/login", {"email": "a@b.example", "password": "x"})
    assert (answer.status, answer.code) == (500, "INTERNAL_ERROR")
    assert "4711" not in answer.text
    assert answer.headers["Content-Type"] == "application/json"


def test_a_database_that_is_away_is_503(api, monkeypatch):
    def gone(**kwargs):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("accounts.services.sign_in", gone)
    answer = api.post("/auth/login", {"email": "a@b.example", "password": "x"})
    assert (answer.status, answer.code) == (503, "SERVICE_UNAVAILABLE")
    assert answer.headers["Retry-After"] == "5"


def test_an_answer_carries_the_id_that_was_sent(api):
    assert api.get("/nothing", x_request_id="abc-12345").headers["X-Request-ID"] == "abc-12345"


def test_no_answer_of_the_api_sets_a_cookie(api, user):
    for answer in (api.get("/nothing"), api.post("/auth/login", {"email": user.email, "password": "x"})):
        assert not answer.response.cookies


def test_head_is_answered_like_get_without_a_body(api, user):
    answer = api.as_(user).send("HEAD", "/auth/profile")
    assert (answer.status, answer.text) == (200, "")


def test_errors_without_details_have_none(api):
    assert json.loads(api.get("/nothing").text) == {
        "success": False,
        "error": {"code": "NOT_FOUND", "message": "There is nothing at this address."},
    }
