"""Search over a hundred thousand products: building the index, and what each kind of question costs. No web server in between."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.report import Row, percentile
from benchmarks.stage import Stage
from cryptons import clock
from shop.filters import Filters
from shop.models import Category, Product
from shop.search import asking
from shop.search.applying import apply_changes
from shop.search.choice import chosen_engine
from shop.search.finding import find, suggest
from shop.search.outbox import products_changed
from shop.search.rebuilding import rebuild
from shop.tree import category_tree

PRODUCTS = 100_000
QUESTIONS = 200
_SLOWEST = 50.0
_SYLLABLES = ("ka", "lo", "mir", "ten", "su", "bra", "vel", "on", "dri", "pa", "gus", "fe", "nol", "ri", "tam", "qui")


def run(stage: Stage, seconds: float) -> list[Row]:
    """Return the rows of search."""
    chance = random.Random(7)
    words = sorted({"".join(chance.choices(_SYLLABLES, k=chance.choice((2, 3, 4)))) for _ in range(12_000)})
    _fill(chance, words)
    began = time.perf_counter()
    held = rebuild()
    took = time.perf_counter() - began
    engine = chosen_engine().name
    rows = [Row(f"index of {held:,} products built ({engine})", f"{took:.1f} s, {held / took:,.0f} products/s")]
    if engine == "tantivy":
        rows.append(Row("index on disk", f"{_size(settings.VAR_DIR / 'search') / 1e6:.1f} MB"))
    names = list(Product.objects.order_by("pk").values_list("name", flat=True)[: QUESTIONS * 7 : 7])
    return [*rows, *_questions(chance, names), *_lists(), *_changes(chance)]


def _fill(chance: random.Random, words: Sequence[str]) -> None:
    roots = [Category.objects.create(name=f"Department {number}", slug=f"search-{number}") for number in range(10)]
    leaves = [
        Category.objects.create(name=f"Shelf {number}", slug=f"search-shelf-{number}", parent=chance.choice(roots))
        for number in range(200)
    ]
    now = clock.now()
    for start in range(0, PRODUCTS, 5_000):
        Product.objects.bulk_create(
            Product(
                category=chance.choice(leaves),
                name=" ".join(chance.choices(words, k=3)).capitalize(),
                slug=f"search-{number}",
                sku=f"S-{number:06d}-{number % 97}",
                summary=" ".join(chance.choices(words, k=8)),
                description=" ".join(chance.choices(words, k=40)),
                price=Decimal(chance.randrange(100, 500_000)).scaleb(-2),
                stock=chance.choice((0, 1, 5, 40)),
                rating=Decimal(chance.randrange(0, 501)).scaleb(-2),
                rating_count=chance.randrange(50),
                created_at=now - timedelta(seconds=number),
            )
            for number in range(start, min(start + 5_000, PRODUCTS))
        )


def _questions(chance: random.Random, names: Sequence[str]) -> list[Row]:
    firsts = [name.split()[0].lower() for name in names]
    wrong = [_typo(chance, word) for word in firsts if len(word) > 4]
    kinds: list[tuple[str, Callable[[str], object], Sequence[str]]] = [
        ("a word", lambda text: _find(words=text), firsts),
        ("a word with a typo", lambda text: _find(words=text), wrong),
        ("three letters", lambda text: _find(words=text), [word[:3] for word in firsts]),
        ("a whole name", lambda text: _find(words=text), names),
        ("a SKU", lambda text: _find(words=text), [f"S-{number:06d}" for number in range(0, QUESTIONS * 9, 9)]),
        ("a word, in stock, by price", lambda text: _find(words=text, in_stock=True, sort="price"), firsts),
        ("a suggestion", lambda text: suggest(words=text), [word[:4] for word in firsts]),
    ]
    rows = [Row(f"search: {kind}, with facets and rows", _figures(ask, texts)) for kind, ask, texts in kinds]
    rows[-1] = replace(rows[-1], what="search: a suggestion while typing")
    return [*rows, Row("typos of one letter that found the product", _recall(chance, firsts))]


def _recall(chance: random.Random, firsts: Sequence[str]) -> str:
    tried = [word for word in firsts if len(word) > 4]
    hits = sum(any(word in name.lower() for name in _find(words=_typo(chance, word), limit=100)) for word in tried)
    return f"{hits} of {len(tried)}"


def _lists() -> list[Row]:
    kinds = {
        "the plain list": {},
        "the list by price": {"sort": "price"},
        "in stock, rated 4 or more": {"in_stock": True, "rating": Decimal(4)},
        "one price band": {"low": Decimal(100), "high": Decimal("199.99")},
    }
    return [_list_row(name, **chosen) for name, chosen in kinds.items()]


def _list_row(name: str, **chosen: object) -> Row:
    with CaptureQueriesContext(connection) as captured:
        _find(**chosen)
    slowest = max(float(query["time"]) for query in captured) * 1000
    figures = f"{_figures(lambda _: _find(**chosen), range(20))}; slowest of {len(captured)} queries {slowest:.0f} ms"
    return Row(f"facets: {name}", figures, f"{_SLOWEST:.0f} ms a query", slowest <= _SLOWEST)


def _changes(chance: random.Random) -> list[Row]:
    keys = list(Product.objects.order_by("pk").values_list("pk", flat=True)[:2_000])
    apply_changes()
    rows = []
    for number in (1, 500):
        times = []
        for _ in range(10):
            products_changed(chance.sample(keys, number))
            began = time.perf_counter()
            apply_changes()
            times.append((time.perf_counter() - began) * 1000)
        rows.append(Row(f"{number} changed products brought into the index", _spread(times)))
    return rows


def _find(limit: int = 20, **chosen: object) -> list[str]:
    asking.wake()
    filters = Filters(**{"sort": "relevance" if chosen.get("words") else "newest", **chosen})  # type: ignore[arg-type]
    part = find(filters=filters, category=None, tree=category_tree(), start=0, limit=limit)
    if part.source.degraded:
        raise RuntimeError("the engine did not answer")
    return [product.name for product in part.arranged(list(part.rows), lambda product: product.pk)]


def _figures(ask: Callable[[str], object], texts: Sequence[object]) -> str:
    times = []
    for text in texts:
        began = time.perf_counter()
        ask(str(text))
        times.append((time.perf_counter() - began) * 1000)
    return _spread(times)


def _spread(times: Sequence[float]) -> str:
    return f"p50 {percentile(times, 0.5):.1f} ms, p95 {percentile(times, 0.95):.1f} ms"


def _typo(chance: random.Random, word: str) -> str:
    place = chance.randrange(1, len(word) - 1)
    swapped = word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :]
    left_out = word[:place] + word[place + 1 :]
    return chance.choice([swapped, left_out, word[:place] + "x" + word[place + 1 :]])


def _size(folder: Path) -> int:
    newest = folder / (folder / "current").read_text()
    return sum(part.stat().st_size for part in newest.iterdir())
