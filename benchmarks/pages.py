"""Pages through the real server, with the demo catalogue, next to a bare Django view behind the same server."""

import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
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
    product = Product.objects.get(sku="TAB-MUG-01").get_absolute_url()
    bare = _serve(stage, "benchmarks.bare:application", "/")
    shop = _serve(stage, "cryptons.wsgi:application", "/products/")
    floor = load(f"{bare}/", CONNECTIONS, seconds)
    rows = [Row("bare Django view, 10 KB of HTML", str(floor))]
    for name, path, wanted in (
        ("product list", "/products/", 400),
        ("product page", product, 250),
        ("home", "/", None),
    ):
        measured = load(f"{shop}{path}", CONNECTIONS, seconds)
        rows += [_page_row(name, measured, floor, wanted), _query_row(name, path)]
    crowd = load(f"{shop}/products/", CROWD, seconds)
    rows.append(
        Row(f"product list, {CROWD:,} connections", str(crowd), "p95 < 200 ms", crowd.p95 < 200 and not crowd.errors)
    )
    return rows


def _page_row(name: str, measured: Load, floor: Load, wanted: int | None) -> Row:
    share = measured.per_second / floor.per_second
    figures = f"{measured}, {share:.2f} of bare"
    if wanted is None:
        return Row(name, figures)
    return Row(name, figures, f"{wanted} requests/s", measured.per_second >= wanted and not measured.errors)


def _query_row(name: str, path: str) -> Row:
    """Count what a first visitor's page asks of the database, with nothing cached and with what the page before left."""
    cache.clear()
    cold, warm = _queries(path), _queries(path)
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
