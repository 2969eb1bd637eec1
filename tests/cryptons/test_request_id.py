import logging
import re
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from structlog.contextvars import get_contextvars

from cryptons.db import uuid7, uuid7_hex
from cryptons.middleware import RequestIdMiddleware

MADE = re.compile(r"[0-9a-f]{32}")


def test_the_senders_id_comes_back(client):
    assert client.get("/healthz", headers={"X-Request-ID": "order-run-17"})["X-Request-ID"] == "order-run-17"


@pytest.mark.parametrize("sent", ["", "short", "a" * 129, "two words", "line\nbreak", "<script>alert(1)"])
def test_an_id_that_is_not_sane_is_replaced(sent):
    request = RequestFactory().get("/", headers={"X-Request-ID": sent})
    answer = RequestIdMiddleware(lambda request: HttpResponse())(request)
    assert MADE.fullmatch(answer["X-Request-ID"])


def test_the_digits_of_a_new_id_sort_by_time_among_the_keys_of_rows():
    made = [uuid7().hex, uuid7_hex(), uuid7().hex, uuid7_hex()]
    assert [UUID(one).version for one in made] == [7, 7, 7, 7]
    assert made == sorted(made)


def test_every_request_without_one_gets_its_own(client):
    assert client.get("/healthz")["X-Request-ID"] != client.get("/healthz")["X-Request-ID"]


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), [("/no-such-page/", 404), ("/cart/add/", 405)])
def test_refusals_carry_it_too(client, path, status):
    answer = client.get(path, headers={"X-Request-ID": "looking-for-17"})
    assert (answer.status_code, answer["X-Request-ID"]) == (status, "looking-for-17")


def test_an_unforeseen_error_carries_it_too(client, monkeypatch, settings):
    settings.CAN_BE_PAID = "nowhere.at_all"
    client.raise_request_exception = False
    answer = client.get("/readyz", headers={"X-Request-ID": "looking-for-17"})
    assert (answer.status_code, answer["X-Request-ID"]) == (500, "looking-for-17")


class Ids(logging.Handler):
    """Keeps the request's id of each line."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def emit(self, record):
        self.seen.append(get_contextvars().get("request_id"))


@pytest.fixture
def ids_of_lines():
    handler = Ids()
    logging.getLogger("django.request").addHandler(handler)
    yield handler.seen
    logging.getLogger("django.request").removeHandler(handler)


@pytest.mark.django_db
def test_djangos_own_line_about_a_refusal_carries_it_and_the_next_lines_do_not(client, ids_of_lines):
    client.get("/no-such-page/", headers={"X-Request-ID": "order-run-17"})
    assert ids_of_lines == ["order-run-17"]
    assert "request_id" not in get_contextvars()
