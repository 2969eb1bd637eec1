"""The OpenAPI description says what the views do."""

import json

import pytest
from django.test import Client
from django.urls import get_resolver
from drf_spectacular.validation import validate_schema

from cryptons.api.describe import description_of
from tests.api import conformance

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture
def schema(db):
    return json.loads(Client().get("/api/schema").content)


def views(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from views(pattern.url_patterns)
        elif getattr(getattr(pattern.callback, "cls", None), "schema", None):
            yield pattern.callback.cls


def test_each_method_of_each_endpoint_is_described():
    found = [
        (view, method) for view in views(get_resolver().url_patterns) for method in METHODS if hasattr(view, method)
    ]
    assert len(found) >= 10
    missing = [f"{view.__name__}.{method}" for view, method in found if not description_of(getattr(view, method))]
    assert missing == []


def operations(schema):
    return [
        (path, method, operation) for path, methods in schema["paths"].items() for method, operation in methods.items()
    ]


def test_an_operation_says_who_may_and_what_it_takes(schema):
    profile = schema["paths"]["/api/auth/profile"]
    assert profile["get"]["security"] == [{"bearer": []}]
    assert schema["paths"]["/api/auth/login"]["post"]["security"] == [{}]
    assert schema["paths"]["/api/products"]["get"]["security"] == [{}, {"bearer": []}]
    body = schema["components"]["schemas"]["RefreshRequest"]
    assert (list(body["properties"]), body["required"], body["additionalProperties"]) == (
        ["refreshToken"],
        ["refreshToken"],
        False,
    )


def test_an_order_says_every_way_it_may_end(schema):
    placing = schema["paths"]["/api/orders"]["post"]
    found = {
        status: conformance.resolved(answer)["content"]["application/json"]["schema"]["allOf"][1]["properties"][
            "error"
        ]["properties"]["code"]["enum"]
        for status, answer in placing["responses"].items()
        if status >= "400"
    }
    assert found == {
        "400": ["MALFORMED_REQUEST", "VALIDATION_ERROR"],
        "401": ["TOKEN_EXPIRED", "TOKEN_REVOKED", "UNAUTHENTICATED"],
        "404": ["NOT_FOUND"],
        "406": ["NOT_ACCEPTABLE"],
        "409": ["INVALID_TRANSITION", "OUT_OF_STOCK", "REQUEST_IN_PROGRESS"],
        "413": ["PAYLOAD_TOO_LARGE"],
        "415": ["UNSUPPORTED_MEDIA_TYPE"],
        "422": ["IDEMPOTENCY_KEY_REUSED"],
        "429": ["RATE_LIMITED"],
        "500": ["INTERNAL_ERROR"],
        "503": ["PAYMENT_METHOD_UNAVAILABLE", "RATE_UNAVAILABLE", "SERVICE_UNAVAILABLE"],
    }
    assert {"$ref": "#/components/parameters/Idempotency-Key"} in placing["parameters"]
    assert "Idempotent-Replayed" in placing["responses"]["201"]["headers"]


def test_each_answer_says_its_headers(schema):
    for path, method, operation in operations(schema):
        for status, answer in operation["responses"].items():
            told = set(conformance.resolved(answer)["headers"])
            usual = {"X-Request-ID", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Cache-Control"}
            assert usual <= told, (path, method, status)
            assert ("Retry-After" in told) == (status in {"429", "503"}), (path, method, status)


def test_each_operation_has_a_name_of_its_own_and_a_sentence(schema):
    found = operations(schema)
    assert len({operation["operationId"] for _, _, operation in found}) == len(found)
    assert [path for path, _, operation in found if not operation["summary"] or not operation["security"]] == []
    tags = {tag["name"] for tag in schema["tags"]}
    assert [path for path, _, operation in found if not set(operation["tags"]) <= tags] == []


def test_each_body_and_each_answer_has_an_example_that_fits(schema):
    for path, method, operation in operations(schema):
        answers = operation["responses"].items()
        parts = [(status, conformance.resolved(answer).get("content", {})) for status, answer in answers]
        for status, content in [*parts, ("body", operation.get("requestBody", {}).get("content", {}))]:
            for media in [media for kind, media in content.items() if kind == "application/json"]:
                examples = [example["value"] for example in media.get("examples", {}).values()]
                empty = media["schema"] == {"$ref": "#/components/schemas/NothingRequest"}
                assert examples or empty, f"{method} {path} {status} has no example"
                for value in examples:
                    conformance.validate(media["schema"], value, f"the example of {method} {path} {status}")


def test_the_description_itself_is_valid(schema):
    validate_schema(schema)


def test_the_description_may_be_kept_and_is_not_sent_again(api):
    first = Client().get("/api/schema")
    assert first.headers["Cache-Control"] == "public, max-age=300"
    again = Client().get("/api/schema", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["RateLimit-Limit"] == "100"
