"""The OpenAPI description says what the views do."""

import json

import pytest
from django.test import Client
from django.urls import get_resolver

from cryptons.api.describe import description_of

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


def test_an_operation_says_who_may_and_what_it_takes(schema):
    profile = schema["paths"]["/api/auth/profile"]
    assert profile["get"]["security"] == [{"bearer": []}]
    assert "security" not in schema["paths"]["/api/auth/login"]["post"]
    body = schema["components"]["schemas"]["RefreshShapeRequest"]
    assert (list(body["properties"]), body["required"], body["additionalProperties"]) == (
        ["refreshToken"],
        ["refreshToken"],
        False,
    )


def test_each_answer_says_its_headers(schema):
    for path in schema["paths"].values():
        for operation in path.values():
            for answer in operation["responses"].values():
                assert {"X-Request-ID", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"} <= set(
                    answer["headers"]
                )


def test_the_description_may_be_kept_and_is_not_sent_again(api):
    first = Client().get("/api/schema")
    assert first.headers["Cache-Control"] == "public, max-age=300"
    again = Client().get("/api/schema", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["RateLimit-Limit"] == "100"
