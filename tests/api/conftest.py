"""What the API's tests share: people, and a client that speaks JSON."""

import json
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.services import open_session
from payments.bitcoin import configured
from tests.api import conformance
from tests.factories import ProductFactory, StaffFactory, UserFactory


class Api:
    """A client of the API: `api.get("/products")`, `api.as_(user).post("/orders", {...}, idempotency_key="k1")`."""

    def __init__(self, token=None, address="127.0.0.1"):
        self.token = token
        self.address = address

    def as_(self, user):
        """Return a client that is signed in as `user`."""
        return Api(open_session(user=user, device="test").access, self.address)

    def with_token(self, token):
        return Api(token, self.address)

    def from_(self, address):
        """Return the same client at another network address."""
        return Api(self.token, address)

    def get(self, path, query=None, **headers):
        return self.send("GET", path, None, query=query, **headers)

    def post(self, path, body=None, **headers):
        return self.send("POST", path, body, **headers)

    def put(self, path, body=None, **headers):
        return self.send("PUT", path, body, **headers)

    def patch(self, path, body=None, **headers):
        return self.send("PATCH", path, body, **headers)

    def delete(self, path, body=None, **headers):
        return self.send("DELETE", path, body, **headers)

    def send(self, method, path, body=None, *, query=None, content_type="application/json", **headers):
        """Send a request; `body` is JSON unless it is bytes or text; a header is named in snake_case."""
        raw = body if isinstance(body, (bytes, str)) else b"" if body is None else json.dumps(body, default=_number)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("authorization", f"Bearer {self.token}")
        client = Client(raise_request_exception=False, REMOTE_ADDR=self.address)
        response = client.generic(
            method, f"/api{path}", raw, content_type=content_type, headers=sent, query_params=query
        )
        is_json = content_type == "application/json" and not isinstance(body, (bytes, str))
        conformance.check(response, method, f"/api{path}".partition("?")[0], body if is_json else None)
        return Answer(response)


class Answer:
    """An answer in its envelope: `.status`, `.data`, `.meta`, `.code`, `.fields` (name to message), `.headers`."""

    def __init__(self, response):
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.text = response.content.decode()
        self.body = json.loads(self.text, parse_float=Decimal) if self.text else None

    @property
    def data(self):
        assert self.body["success"] is True, self.text
        return self.body["data"]

    @property
    def meta(self):
        return self.body["meta"]

    @property
    def code(self):
        assert self.body["success"] is False, self.text
        return self.body["error"]["code"]

    @property
    def fields(self):
        return {entry["field"]: entry["message"] for entry in self.body["error"].get("details", [])}


def _number(value):
    return float(value) if isinstance(value, Decimal) else str(value)


@pytest.fixture
def api(db):
    """A client nobody is signed in to."""
    return Api()


@pytest.fixture
def user(db):
    """A shopper: the owner of what a test is about."""
    return UserFactory(email="owner@example.org", username="owner")


@pytest.fixture
def stranger(db):
    """Another shopper."""
    return UserFactory(email="stranger@example.org", username="stranger")


@pytest.fixture
def staff(db):
    """A superuser, who has every permission."""
    return StaffFactory(email="staff@example.org", username="staff")


@pytest.fixture
def staff_in(db):
    """Make a member of the staff who is in one group: `staff_in("Catalogue")`."""

    def make(*groups):
        member = UserFactory(is_staff=True)
        member.groups.set(Group.objects.filter(name__in=groups))
        return member

    return make


@pytest.fixture
def node(sandbox_node, settings):
    """The sandbox as the node this store is configured for."""
    settings.BITCOIN_RPC_URL = sandbox_node.url
    configured._node.cache_clear()
    yield sandbox_node
    configured._node.cache_clear()


@pytest.fixture
def product(db):
    """Something for 12.50, of which five are there."""
    return ProductFactory(price=Decimal("12.50"), stock=5)


@pytest.fixture
def own(api, user):
    """The client of `user`."""
    return api.as_(user)


@pytest.fixture
def no_node(settings):
    """The store is configured for a node that is not there."""
    settings.BITCOIN_RPC_URL = "http://127.0.0.1:9"
    configured._node.cache_clear()
    yield
    configured._node.cache_clear()
