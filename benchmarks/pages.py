"""Pages and the API through the real server, with the demo catalogue, next to a bare Django view behind the same server."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from benchmarks.load import Load
from benchmarks.report import Row
from benchmarks.server import BARE, STORE, Server, serve
from benchmarks.signing_in import sign_ins
from benchmarks.stage import Stage
from cryptons import freshness
from cryptons.pagecache.shelves import shelf
from shop.demo.loader import load as load_demo
from shop.models import Product

FEW, MANY, CROWD = 50, 200, 1000
QUERIES = 8
SLOWEST_MS = 200


@dataclass(frozen=True)
class Look:
    """Something that is looked at: its name, address, the bare view it is measured against, and how often it is to be made anew."""

    name: str
    path: str
    bare: str
    anew: int


def run(stage: Stage, seconds: float) -> list[Row]:
    """Return the rows of the pages."""
    load_demo(size=240, views=("front",))
    mug = Product.objects.get(sku="TAB-MUG-01")
    looks = [
        Look("product list", "/products/", "/", 400),
        Look("product page", mug.get_absolute_url(), "/", 250),
        Look("API product list", "/api/products", "/json", 400),
        Look("API product", f"/api/products/{mug.pk}", "/json", 250),
    ]
    return [*_kept(stage, looks, seconds), *_anew(stage, looks, seconds), *_people(stage, mug, seconds)]


def _kept(stage: Stage, looks: list[Look], seconds: float) -> list[Row]:
    """Return how fast a stranger is answered with what is kept, over ever more connections."""
    bare = serve(stage, BARE, "/")
    floors = {
        (path, crowd): bare.under_load(path, crowd, seconds) for path in ("/", "/json") for crowd in (FEW, MANY, CROWD)
    }
    bare.stop()
    names = {"/": "bare Django view, 10 KB of HTML", "/json": "bare Django view, 2 KB of JSON"}
    rows = [Row(f"{names[path]}, {crowd:,} connections", str(floor)) for (path, crowd), floor in floors.items()]
    store = serve(stage, STORE, "/products/")
    for look in looks:
        for crowd in (FEW, MANY, CROWD):
            kept = store.under_load(look.path, crowd, seconds)
            rows.append(_kept_row(f"{look.name}, kept, {crowd:,} connections", kept, floors[look.bare, crowd], crowd))
    for path in ("/api/categories", "/api/rates"):
        kept = store.under_load(path, FEW, seconds)
        rows.append(_kept_row(f"{path}, kept, {FEW} connections", kept, floors["/json", FEW], FEW))
    store.stop()
    return rows


def _kept_row(name: str, measured: Load, floor: Load, crowd: int) -> Row:
    share = measured.per_second / floor.per_second
    wanted = 0.55 if settings.CACHE_URL.startswith("redis") else 0.8
    met = share >= wanted and not measured.errors
    target = f"{wanted} of bare"
    if crowd == CROWD:
        met, target = met and measured.p95 < SLOWEST_MS, f"{target}, p95 < {SLOWEST_MS} ms"
    by_cpu = f", {floor.cpu_ms / measured.cpu_ms:.2f} by CPU" if measured.cpu_ms and floor.cpu_ms else ""
    return Row(name, f"{measured}: {share:.2f} of bare{by_cpu}", target, met)


def _anew(stage: Stage, looks: list[Look], seconds: float) -> list[Row]:
    """Return how fast everything is made where nothing is kept, and what it asks of the database."""
    store = serve(stage, STORE, "/products/", PAGE_CACHE_SECONDS="0")
    rows = []
    for look in looks:
        anew = store.under_load(look.path, FEW, seconds)
        met = anew.per_second >= look.anew and not anew.errors
        rows.append(Row(f"{look.name}, made anew", str(anew), f"{look.anew} requests/s", met))
        rows.append(_query_row(look.name, look.path))
    store.stop()
    return rows


def _people(stage: Stage, mug: Product, seconds: float) -> list[Row]:
    """Return how fast people are answered who are somebody: with a cart, and on signing in."""
    store = serve(stage, STORE, "/products/")
    cookie = _cart_with(mug)
    rows = []
    for name, path in (("product list", "/products/"), ("product page", mug.get_absolute_url()), ("cart", "/cart/")):
        rows.append(Row(f"{name}, with something in the cart", str(store.under_load(path, FEW, seconds, cookie))))
    rows.append(Row("signing in (bcrypt)", _signing_in(store, seconds)))
    store.stop()
    return rows


def _signing_in(store: Server, seconds: float) -> str:
    return sign_ins(store.base, seconds)


def _cart_with(product: Product) -> str:
    """Put a product into a new visitor's cart and return the cookie of the session."""
    visitor = Client(headers={"host": "127.0.0.1"})
    answer = visitor.post("/cart/add/", {"product": str(product.pk), "quantity": 1})
    if answer.status_code >= 400:
        raise RuntimeError(f"the cart answered {answer.status_code}")
    return f"{settings.SESSION_COOKIE_NAME}={visitor.cookies[settings.SESSION_COOKIE_NAME].value}"


def _query_row(name: str, path: str) -> Row:
    """Count what making an answer asks of the database: with nothing known, with the categories known, and when it is kept."""
    freshness.tell_all()
    cold = _queries(path)
    shelf().clear()
    warm, kept = _queries(path), _queries(path)
    figures = f"{cold} with nothing known, {warm} after, {kept} when kept"
    return Row(f"{name}, queries", figures, f"≤ {QUERIES}, 0 kept", max(cold, warm) <= QUERIES and not kept)


def _queries(path: str) -> int:
    asked: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        # From an address of its own: in Redis, the load that came before has used up what this one may ask.
        answer = Client(REMOTE_ADDR="192.0.2.1").get(path, headers={"host": "127.0.0.1"})
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return len(asked)
