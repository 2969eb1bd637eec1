"""Schemathesis against the running store: as a stranger, as a shopper and as the owner. What it does is the same in each run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

CONFIG = Path(__file__).with_name("fuzzing.toml")
PASSWORD = "none of the examples has it"
MANY = "1000000/15m"
PEOPLE = """
from accounts.models import User
from shop.models import Product
User.objects.create_superuser("owner@example.org", "{password}")
Product.objects.update(stock=100000)
"""
ADDRESS = {
    "fullName": "Ada Byron",
    "line1": "Mill Lane 12",
    "city": "Lisbon",
    "postalCode": "1100-148",
    "country": "PT",
}
AUTH = """
[auth]
auto-signup = false
"""
# A token that was ended by what was asked is replaced by a new one.
SIGN_IN = """
[auth.dynamic.openapi.bearer]
path = "/api/auth/login"
payload = {{ email = "{email}", password = "{password}" }}
extract_selector = "/data/token"
"""
KNOWN = """
[dictionaries.{name}]
values = {values}
"""
# What anybody may is asked by the stranger alone, except where it leads to something that others may.
NOT_AGAIN = """
[[operations]]
include-by = '/x-access == "anyone"'
phases.examples.enabled = false
phases.coverage.enabled = false
phases.fuzzing.enabled = false
"""
ASKED = {
    "stranger": ["--include-by", '/x-access == "anyone"'],
    "shopper": ["--exclude-by", '/x-access == "staff"'],
    "owner": ["--exclude-by", '/x-access == "user"'],
}
EMAILS = {"shopper": "shopper@example.org", "owner": "owner@example.org"}


@pytest.fixture
def crowded(store):
    """A store that counts nobody out, with a shopper who has ordered and reviewed."""
    store.stop()
    limits = dict.fromkeys(("RATELIMIT_API", "RATELIMIT_USER", "RATELIMIT_AUTH", "RATELIMIT_WEBHOOK"), MANY)
    store.environment |= {**limits, "WEBHOOK_SECRETS": "a-secret-that-only-this-test-knows"}
    done = store.manage("shell", "-c", PEOPLE.format(password=PASSWORD))
    assert done.returncode == 0, done.stderr
    return store.start()


def filled(store):
    """Let a shopper order and review, and return the names of what is there."""
    http = httpx.Client(base_url=f"{store.url}/api", timeout=30, trust_env=False)

    def done(path, body):
        answer = http.post(path, json=body)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()["data"]

    account = {"username": "shopper", "email": EMAILS["shopper"], "password": PASSWORD}
    http.headers["Authorization"] = f"Bearer {done('/auth/register', account)['token']}"
    product = http.get("/products").json()["data"][0]["id"]
    wanted = [{"productId": product, "quantity": 1}]
    order = done("/orders", {"items": wanted, "cryptocurrency": "BTC", "shippingAddress": ADDRESS})
    review = done("/reviews", {"productId": product, "rating": 4, "comment": "Grinds."})
    line = done("/cart/items", wanted[0])["items"][0]
    return {"products": [product, "mortar"], "orders": [order["id"]], "reviews": [review["id"]], "lines": [line["id"]]}


@pytest.mark.parametrize("who", list(ASKED))
def test_the_running_store_keeps_what_its_description_promises(crowded, tmp_path, who):
    known = [KNOWN.format(name=name, values=json.dumps(values)) for name, values in filled(crowded).items()]
    parts = [CONFIG.read_text(encoding="utf-8"), *known, AUTH]
    if who in EMAILS:
        parts += [SIGN_IN.format(email=EMAILS[who], password=PASSWORD), NOT_AGAIN]
    config = tmp_path / "schemathesis.toml"
    config.write_text("\n".join(parts), encoding="utf-8")
    command = [
        Path(sys.executable).with_name("schemathesis"),
        "--config-file",
        config,
        "run",
        f"{crowded.url}/api/schema",
    ]
    options = ["--checks", "all", "--max-examples", "6", "--no-color", *ASKED[who]]
    done = subprocess.run(
        [*command, *options],
        cwd=tmp_path,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=1500,
    )
    assert done.returncode == 0, f"{done.stdout[-12_000:]}\n{done.stderr[-2_000:]}"
