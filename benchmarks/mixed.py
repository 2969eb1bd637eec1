"""A day in the shop: people who look, fill carts and order, all at once, while the worker does its part."""

import json
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.test import Client

from accounts.models import User
from accounts.services import open_session
from benchmarks.catalogue import bench_products
from benchmarks.report import Row
from benchmarks.server import STORE, serve
from benchmarks.stage import Stage, as_json, cpu_ms
from cryptons.launcher.commands import worker
from cryptons.models import Heartbeat
from shop.models import Product

RATE = 500
PEOPLE = 50
SLOWEST_MS = 200
WARM_UP = 5
"""Seconds at half the rate before anything counts, so that it is a day that is measured and not the moment of opening."""
AWAKE = 60


def run(stage: Stage, seconds: float) -> list[Row]:
    """Return the rows of the mixed load."""
    products = bench_products()
    store = serve(stage, STORE, "/products/")
    background = at_work(stage.start(worker(), unheard=True))
    plan = {"base": store.base, "looks": _looks(products), "products": [str(product.pk) for product in products]}
    plan |= {"cookies": _carts(products), "tokens": _tokens()}
    _come(stage, plan, RATE / 2, WARM_UP)
    before = cpu_ms(store.process), cpu_ms(background)
    lasted = max(10.0, seconds * 3)
    told = _come(stage, plan, RATE, lasted)
    used = cpu_ms(store.process) - before[0], cpu_ms(background) - before[1]
    store.stop()
    return _rows(told, lasted, used)


def at_work(background: "subprocess.Popen[str]") -> "subprocess.Popen[str]":
    """Return the worker once it has done something: its start takes a core for some seconds. Raises TimeoutError."""
    deadline = time.monotonic() + AWAKE
    while not Heartbeat.objects.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"the worker did nothing within {AWAKE} s")
        time.sleep(0.2)
    return background


def _come(stage: Stage, plan: dict[str, Any], rate: float, seconds: float) -> dict[str, Any]:
    crowd = stage.start([sys.executable, "-m", "benchmarks.crowd"])
    out, _ = crowd.communicate(as_json({**plan, "rate": rate, "seconds": seconds}) + "\n", timeout=seconds + 60)
    told: dict[str, Any] = json.loads(out)
    return told


def _rows(told: dict[str, Any], seconds: float, used: tuple[float, float]) -> list[Row]:
    names = {"all": f"{RATE} requests/s offered: 80 % look, 15 % carts, 5 % orders", "looks": "… those who look"}
    names |= {"carts": "… carts", "orders": "… orders"}
    rows = []
    for kind, name in names.items():
        p50, p95, p99 = told["ms"][kind]
        failed = sum(count for what, count in told["failed"].items() if kind in {"all", what.split()[0]})
        figures = f"{told['count'][kind] / seconds:.0f} a second, p50 {p50:.0f}, p95 {p95:.0f}, p99 {p99:.0f} ms, {failed} failed"
        rows.append(Row(name, figures, f"p95 < {SLOWEST_MS} ms", p95 < SLOWEST_MS and not failed))
    shares = [f"{ms / seconds / 10:.0f} %" for ms in used]
    rows.append(Row("… of a core", f"web {shares[0]}, worker {shares[1]}"))
    if told["failed"]:
        print(told["failed"], file=sys.stderr)
    return rows


def _looks(products: list[Product]) -> list[str]:
    """Return what is looked at: lists and products half and half, as pages and over the API half and half."""
    some = products[:20]
    lists = ["/", "/products/", "/products/?page=2", "/c/bench/", "/products/?sort=price"] * 4
    apis = ["/api/products", "/api/products?page=2", "/api/categories", "/api/rates", "/api/products?sort=price"] * 4
    return [
        *lists,
        *apis,
        *(product.get_absolute_url() for product in some),
        *(f"/api/products/{one.pk}" for one in some),
    ]


def _carts(products: list[Product]) -> list[str]:
    """Return the cookies of visitors with something in their carts."""
    cookies = []
    for number in range(PEOPLE):
        visitor = Client(headers={"host": "127.0.0.1"})
        visitor.post("/cart/add/", {"product": str(products[number % len(products)].pk), "quantity": 1})
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={visitor.cookies[settings.SESSION_COOKIE_NAME].value}")
    return cookies


def _tokens() -> list[str]:
    people = [User.objects.create_user(email=f"buyer-{number}@example.org") for number in range(PEOPLE)]
    return [open_session(user=user).access for user in people]
