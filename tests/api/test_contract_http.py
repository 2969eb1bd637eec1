"""What the contract leaves to HTTP: methods, types, codings, and bodies that one reader would take for another thing than the next."""

import gzip
import json

import pytest
from django.test import RequestFactory
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request

from cryptons.api.rendering import EnvelopeRenderer, EventRenderer, Negotiation
from shop.models import CartLine
from tests.factories import ProductFactory

LOGIN = {"email": "nobody@example.org", "password": "wrong words all over"}


def test_head_is_get_without_the_body_for_whoever_may_keep_it(api):
    ProductFactory()
    whole, head = api.get("/products"), api.send("HEAD", "/products")
    assert (head.status, head.text, head.headers["ETag"]) == (200, "", whole.headers["ETag"])
    assert api.send("HEAD", "/products", if_none_match=whole.headers["ETag"]).status == 304
    assert api.send("HEAD", "/nothing").status == 404
    assert api.send("HEAD", "/cart").status == 401


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PROPFIND", "PUT", "DELETE"])
def test_a_method_that_is_not_taken_is_405_with_those_that_are(api, method):
    answer = api.send(method, "/products")
    assert (answer.status, answer.code, answer.headers["Allow"]) == (405, "METHOD_NOT_ALLOWED", "GET, POST, HEAD")


def test_no_other_method_can_be_smuggled_in(api, user):
    product = ProductFactory()
    line = CartLine.objects.create(user=user, product=product, quantity=1, seen_price=product.price)
    own = api.as_(user)
    for more in ({"x_http_method_override": "DELETE"}, {"x_http_method": "DELETE"}, {"x_method_override": "DELETE"}):
        assert own.get("/cart", **more).data["totalItems"] == 1
        assert own.put(f"/cart/items/{line.pk}", {"quantity": 1}, **more).status == 200
    assert own.get("/cart", {"_method": "DELETE"}).data["totalItems"] == 1
    assert CartLine.objects.count() == 1


@pytest.mark.parametrize("path", ["/products/", "/auth/login/", "/cart/items/", "/v2", "/v2/products", "//products"])
def test_a_slash_at_the_end_or_another_version_is_nothing(api, path):
    answer = api.get(path)
    assert (answer.status, answer.code) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "application/json",
        "application/*",
        "application/json; charset=utf-8",
        "text/html, application/json;q=0.5",
    ],
)
def test_who_can_read_json_gets_it(api, accept):
    assert api.get("/rates", accept=accept).status == 200


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*", "text/html;q=1, text/plain"])
def test_who_cannot_read_json_is_told_so_in_json(api, accept):
    answer = api.get("/rates", accept=accept)
    assert (answer.status, answer.code) == (406, "NOT_ACCEPTABLE")
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "kind",
    ["application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON", "application/json "],
)
def test_json_is_json_however_its_type_is_written(api, kind):
    answer = api.post("/auth/login", json.dumps(LOGIN), content_type=kind)
    assert (answer.status, answer.code) == (401, "INVALID_CREDENTIALS")


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "gzip, identity"])
def test_a_packed_body_is_415(api, coding):
    answer = api.post("/auth/login", gzip.compress(json.dumps(LOGIN).encode()), content_encoding=coding)
    assert (answer.status, answer.code) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "raw",
    [
        b'{"quantity": 1, "quantity": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b'\xef\xbb\xbf{"quantity": 1}',
        '{"quantity": 1}'.encode("utf-16"),
        b'{"quantity": Infinity}',
        b'{"quantity": -NaN}',
        b'{"quantity": 01}',
        b'{"quantity": +1}',
        b'{"quantity": 1} {"quantity": 2}',
        b"{'quantity': 1}",
        b'{"quantity": 1 /* one */}',
        b'{"note": "\\udc00"}',
        b'{"note": "\xed\xa0\x80"}',
        b"",
    ],
)
def test_what_two_readers_could_take_differently_is_refused(api, user, raw):
    answer = api.as_(user).post("/cart/items", raw)
    assert answer.status == 400
    assert answer.code == ("MALFORMED_REQUEST" if raw else "VALIDATION_ERROR")
    assert not CartLine.objects.exists()


@pytest.mark.parametrize("quantity", [10**30, 2**63, -(2**70), 10_001, 0, -1, 1.0, 1.5, True, None, "1", [1], {"a": 1}])
def test_a_quantity_is_a_whole_number_within_bounds(api, user, quantity):
    product = ProductFactory(stock=20_000)
    answer = api.as_(user).post("/cart/items", {"productId": str(product.pk), "quantity": quantity})
    assert (answer.status, answer.code, list(answer.fields)) == (400, "VALIDATION_ERROR", ["quantity"])
    assert not CartLine.objects.exists()


@pytest.mark.parametrize("name", ["page", "limit"])
@pytest.mark.parametrize("value", ["0", "-1", "101x", "1.0", "1_0", " 1", "+1", "1e1", "", "x", "٣", "1" * 40])
def test_a_page_is_a_plain_number(api, name, value):
    answer = api.get("/products", {name: value})
    assert (answer.status, answer.code, list(answer.fields)) == (400, "VALIDATION_ERROR", [name])


@pytest.mark.parametrize(
    "asked",
    [{"minPrice": "1_0"}, {"maxPrice": "1e3"}, {"minPrice": "NaN"}, {"maxPrice": "Infinity"}, {"minRating": "٣"}],
)
def test_a_bound_is_a_plain_number(api, asked):
    answer = api.get("/products", asked)
    assert (answer.status, list(answer.fields)) == (400, list(asked))


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize(
    "value", ["yesterday", "2026-13-01", "2026-02-30", "20", "", "2026-01-01T25:00:00Z", "0000-01-01"]
)
def test_what_is_no_moment_is_400(api, user, name, value):
    answer = api.as_(user).get("/orders", {name: value})
    assert (answer.status, answer.code, list(answer.fields)) == (400, "VALIDATION_ERROR", [name])


def test_a_span_that_ends_before_it_begins_is_empty(api, user):
    answer = api.as_(user).get("/orders", {"from": "2026-02-01", "to": "2026-01-01"})
    assert (answer.status, answer.data, answer.meta["total"], answer.meta["pages"]) == (200, [], 0, 0)


ACCEPTED = [None, "*/*", "application/json", "application/json, text/plain, */*", "text/event-stream, */*", "text/html",
            "application/*;q=0.5", "", "APPLICATION/JSON", "application/json; indent=8"]  # fmt: skip


@pytest.mark.parametrize("accept", ACCEPTED)
@pytest.mark.parametrize("renderers", [[EnvelopeRenderer()], [EnvelopeRenderer(), EventRenderer()], [EventRenderer()]])
def test_what_is_accepted_is_understood_as_everywhere(accept, renderers):
    def chosen(negotiation):
        request = Request(RequestFactory().get("/", headers={} if accept is None else {"Accept": accept}))
        try:
            return negotiation.select_renderer(request, renderers)
        except NotAcceptable:
            return None

    assert chosen(Negotiation()) == chosen(DefaultContentNegotiation())
