"""Pages through the real server, with the demo catalogue, next to a bare Django view behind the same server."""

import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client

from benchmarks.load import Load, load
from benchmarks.report import Row
from benchmarks.stage import Stage, free_port, wait_for
from cryptons.launcher.commands import web
from shop.demo.loader import load as load_demo
from shop.models import Product

CONNECTIONS = 50
CROWD = 1000
QUERIES = 8


def run(stage: Stage, seconds: float) -> list[Row]:
    """Return the rows of the pages."""
    load_demo(size=240, views=("front",))
    mug = Product.objects.get(sku="TAB-MUG-01")
    bare = _serve(stage, "benchmarks.bare:application", "/")
    shop = _serve(stage, "cryptons.wsgi:application", "/products/")
    floor = load(f"{bare}/", CONNECTIONS, seconds)
    rows = [Row("bare Django view, 10 KB of HTML", str(floor))]
    cookie = _cart_with(mug)
    for name, path, wanted in (("product list", "/products/", 400), ("product page", mug.get_absolute_url(), 250)):
        kept = load(f"{shop}{path}", CONNECTIONS, seconds)
        anew = load(f"{shop}{path}", CONNECTIONS, seconds, cookie)
        rows.append(_kept_row(f"{name}, to strangers", kept, floor))
        rows.append(_anew_row(f"{name}, to somebody with a cart", anew, floor, wanted))
        rows.append(_query_row(name, path))
    crowd = load(f"{shop}/products/", CROWD, seconds)
    quick = crowd.p95 < 200 and not crowd.errors
    return [*rows, Row(f"product list, {CROWD:,} connections", str(crowd), "p95 < 200 ms", quick)]


def _kept_row(name: str, measured: Load, floor: Load) -> Row:
    share = measured.per_second / floor.per_second
    wanted = 0.55 if settings.CACHE_URL.startswith("redis") else 0.8
    return Row(name, f"{measured}, {share:.2f} of bare", f"{wanted} of bare", share >= wanted and not measured.errors)


def _anew_row(name: str, measured: Load, floor: Load, wanted: int) -> Row:
    figures = f"{measured}, {measured.per_second / floor.per_second:.2f} of bare"
    return Row(name, figures, f"{wanted} requests/s", measured.per_second >= wanted and not measured.errors)


def _cart_with(product: Product) -> str:
    """Put a product into a new visitor's cart and return the cookie of the session."""
    visitor = Client(headers={"host": "127.0.0.1"})
    answer = visitor.post("/cart/add/", {"product": str(product.pk), "quantity": 1})
    if answer.status_code >= 400:
        raise RuntimeError(f"the cart answered {answer.status_code}")
    return f"{settings.SESSION_COOKIE_NAME}={visitor.cookies[settings.SESSION_COOKIE_NAME].value}"


def _query_row(name: str, path: str) -> Row:
    """Count what rendering a page asks of the database, with nothing cached and with what the page before left."""
    cache.clear()
    caches["pages"].clear()
    cold = _queries(path)
    caches["pages"].clear()
    warm = _queries(path)
    return Row(
        f"{name}, queries", f"{cold} with a cold cache, {warm} after", f"≤ {QUERIES}", max(cold, warm) <= QUERIES
    )


def _queries(path: str) -> int:
    asked: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        answer = Client().get(path, headers={"host": "127.0.0.1"})
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return len(asked)


def _serve(stage: Stage, application: str, path: str) -> str:
    """Start the web server as `make run` does, on a free port, and return its address once it serves."""
    port = str(free_port())
    command = [*web()[:-1], application]
    command[command.index("--port") + 1] = port
    if sys.executable != command[0]:
        raise RuntimeError("the launcher starts another Python")
    base = f"http://{settings.HOST}:{port}"
    stage.start(command, PORT=port, SITE_URL=base)
    wait_for(base + path)
    return base
