"""Every answer that a test gets is held against the description at /api/schema: status, code, headers and shape."""

import json
import re
from functools import cache

import jsonschema_rs
from drf_spectacular.generators import SchemaGenerator

from cryptons.api import wire

PLACE = "#/components/"


@cache
def described():
    """Return the description as clients get it."""
    return json.loads(wire.dumps(SchemaGenerator(urlconf="cryptons.urls").get_schema(public=True)))


def check(response, method, path, sent=None):
    """Fail where `response` to `method` on `path` (without query), with the JSON `sent`, is not as described."""
    operation = operation_for(method, path)
    if operation is None:
        return
    told = resolved(operation["responses"].get(str(response.status_code)))
    where = f"{method} {path} answered {response.status_code} {response.content[:300]!r}"
    assert told, f"{where}, which its description does not know; see `errors=` of cryptons.api.describe.described"
    absent = [name for name, header in told["headers"].items() if _required(header) and name not in response.headers]
    assert not absent, f"{where} without {absent}"
    if method == "HEAD":
        return
    assert set(told.get("content", {None: 1})) & {response.headers.get("Content-Type"), None}, where
    for schema in [media["schema"] for name, media in told.get("content", {}).items() if name == "application/json"]:
        validate(schema, json.loads(response.content), where)
    if response.status_code < 300 and sent is not None and "requestBody" in operation:
        validate(operation["requestBody"]["content"]["application/json"]["schema"], sent, f"{where} to {sent}")


def operation_for(method, path):
    """Return what is said of the operation, None where the address or the method is not the API's."""
    named = next((template for pattern, template in _templates() if pattern.fullmatch(path)), None)
    return described()["paths"].get(named, {}).get("get" if method == "HEAD" else method.lower())


def validator(schema):
    """Return a validator for a schema of the description."""
    return jsonschema_rs.validator_for(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **_converted(schema),
            "components": _converted(described()["components"]["schemas"], at_schemas=True),
        },
        validate_formats=True,
    )


@cache
def _compiled(text):
    return validator(json.loads(text))


def validate(schema, value, where):
    wrong = [
        f"{'.'.join(map(str, one.instance_path))}: {one.message}"
        for one in _compiled(json.dumps(schema)).iter_errors(value)
    ]
    assert not wrong, f"{where}, which is not as described: {wrong[:5]}"


@cache
def _templates():
    paths = sorted(described()["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(path))), path) for path in paths]


def resolved(part):
    if part and "$ref" in part:
        _, _, kind, name = part["$ref"].split("/")
        return described()["components"][kind][name]
    return part


def _required(header):
    return resolved(header)["required"]


def _converted(schema, *, at_schemas=False, is_sent=False):
    """Return a schema of OpenAPI 3.0 in the words of JSON Schema; what is answered has no keys but those that are named."""
    if isinstance(schema, list):
        return [_converted(entry, is_sent=is_sent) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    if at_schemas:
        return {"schemas": {name: _converted(part, is_sent=name.endswith("Request")) for name, part in schema.items()}}
    told = {
        name: {key: _converted(one, is_sent=is_sent) for key, one in inner.items()}
        if name == "properties"
        else _converted(inner, is_sent=is_sent)
        for name, inner in schema.items()
        if name not in {"example", "default", "description"}
    }
    for bound in ("Minimum", "Maximum"):
        if told.get(f"exclusive{bound}") is True:
            told[f"exclusive{bound}"] = told.pop(bound.lower())
    told.pop("multipleOf", None)  # binary fractions know no 0.1
    if told.get("type") == "object" and "properties" in told:
        told.setdefault("unevaluatedProperties", is_sent)
    return {"anyOf": [{"type": "null"}, told]} if told.pop("nullable", False) else told
