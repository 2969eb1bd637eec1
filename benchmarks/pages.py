"""Pages through the real server, with the demo catalogue, next to a bare Django view behind the same server."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from benchmarks.load import Load, load
from benchmarks.report import Row
from benchmarks.stage import Stage, cpu_ms, free_port, wait_for
from cryptons.launcher.commands import web
from cryptons.pagecache.shelves import shelf
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
    shop = _serve(stage, "cryptons.rsgi:application", "/products/")
    floor = bare.under_load("/", CONNECTIONS, seconds)
    rows = [Row("bare Django view, 10 KB of HTML", str(floor))]
    cookie = _cart_with(mug)
    for name, path, wanted in (("product list", "/products/", 400), ("product page", mug.get_absolute_url(), 250)):
        kept = shop.under_load(path, CONNECTIONS, seconds)
        anew = shop.under_load(path, CONNECTIONS, seconds, cookie)
        rows.append(_kept_row(f"{name}, to strangers", kept, floor))
        rows.append(_anew_row(f"{name}, to somebody with a cart", anew, floor, wanted))
        rows.append(_query_row(name, path))
    crowd = shop.under_load("/products/", CROWD, seconds)
    quick = crowd.p95 < 200 and not crowd.errors
    return [*rows, Row(f"product list, {CROWD:,} connections", str(crowd), "p95 < 200 ms", quick)]


def _kept_row(name: str, measured: Load, floor: Load) -> Row:
    share = _share(measured, floor)
    wanted = 0.55 if settings.CACHE_URL.startswith("redis") else 0.8
    figures = f"{measured}, {share:.2f} of bare"
    return Row(name, figures, f"{wanted} of bare", share >= wanted and not measured.errors)


def _anew_row(name: str, measured: Load, floor: Load, wanted: int) -> Row:
    figures = f"{measured}, {_share(measured, floor):.2f} of bare"
    return Row(name, figures, f"{wanted} requests/s", measured.per_second >= wanted and not measured.errors)


def _share(measured: Load, floor: Load) -> float:
    """Return how much of the bare view's speed is left: by processor time where it is known, which other work does not blur."""
    if measured.cpu_ms and floor.cpu_ms:
        return floor.cpu_ms / measured.cpu_ms
    return measured.per_second / floor.per_second


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
    shelf().clear()
    cold = _queries(path)
    shelf().clear()
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


@dataclass(frozen=True)
class Server:
    """A web server as `make run` starts it, on a port of its own."""

    base: str
    process: "subprocess.Popen[str]"

    def under_load(self, path: str, connections: int, seconds: float, cookie: str = "") -> Load:
        """Return what a load brought, with the processor time that the server spent on a request."""
        load(f"{self.base}{path}", min(connections, 20), 1, cookie)  # warm up
        before = cpu_ms(self.process)
        brought = load(f"{self.base}{path}", connections, seconds, cookie)
        return replace(brought, cpu_ms=(cpu_ms(self.process) - before) / max(1, brought.count))


def _serve(stage: Stage, application: str, path: str) -> Server:
    port = str(free_port())
    command = [*web()[:-1], application]
    command[command.index("--port") + 1] = port
    base = f"http://{settings.HOST}:{port}"
    process = stage.start(command, PORT=port, SITE_URL=base)
    wait_for(base + path)
    return Server(base, process)
