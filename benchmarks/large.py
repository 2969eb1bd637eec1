"""How long the slowest query of everything takes in a store with very many products and orders."""

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from benchmarks.asking import Ask, everything
from benchmarks.filling import fill
from benchmarks.report import Row
from benchmarks.stage import Stage
from orders.services import recount_sales
from shop.search.rebuilding import rebuild

LONGEST = 50
"""Milliseconds that a query may take."""
_TIMES = 3


@dataclass(frozen=True)
class Query:
    """A statement with its values, and the milliseconds it took when it was first asked."""

    sql: str
    values: Any
    ms: float


def run(stage: Stage, count: int) -> list[Row]:
    """Return a row for everything that is asked, in a store with `count` products and as many orders."""
    print(f"Making up {count:,} products and orders …", file=sys.stderr, flush=True)
    fill(products=count, orders=count)
    recount_sales()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # a store that runs has done so by itself
    shutil.rmtree(settings.VAR_DIR / "search")  # the index is away, and the database answers for it
    away = [measured(f"{name}, search away", ask) for name, ask in everything() if name.startswith("API /products")]
    rebuild()
    return [measured(name, ask) for name, ask in everything()] + away


def measured(name: str, ask: Ask) -> Row:
    """Return what `ask` costs: how many queries, and the slowest of them with all its rows fetched, the best of three times."""
    queries = _asked(ask)
    times = [(_again(query), query) for query in queries]
    ms, slowest = max(times, key=lambda one: one[0], default=(0.0, None))
    figures = f"{len(queries)} queries, the slowest {ms:.0f} ms"
    if slowest and ms > LONGEST:
        figures += f": {slowest.sql[:3000]}"
    return Row(name, figures, f"{LONGEST} ms", ms <= LONGEST)


def _asked(ask: Ask) -> list[Query]:
    with recorded() as queries:
        ask()
    return queries


@contextmanager
def recorded() -> Iterator[list[Query]]:
    """Give a list of all that this thread asks of the database within."""
    queries: list[Query] = []

    def record(execute: Callable[..., Any], sql: str, values: Any, many: bool, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, values, many, context)
        finally:
            queries.append(Query(sql, values, (time.perf_counter() - started) * 1000))

    with connection.execute_wrapper(record):
        yield queries


def _again(query: Query) -> float:
    """Return how long a query takes that reads; one that writes is not asked again."""
    if not query.sql.startswith("SELECT"):
        return query.ms
    return min(_timed(query) for _ in range(_TIMES))


def _timed(query: Query) -> float:
    """Return the milliseconds; on SQLite, which works in this thread, those of the processor, whatever else the machine is doing."""
    clock = time.thread_time if connection.vendor == "sqlite" else time.perf_counter
    started = clock()
    with connection.cursor() as cursor:
        cursor.execute(query.sql, query.values)
        cursor.fetchall()
    return (clock() - started) * 1000
