"""What is asked of the embedded index, in its own terms."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import tantivy
from tantivy import FieldType, Occur, Order
from tantivy import Query as Part

from shop.facets import price_bands
from shop.search import engine
from shop.search.embedded_schema import SCHEMA, key_from, keys_of
from shop.search.engine import STARS, Clause, FacetCounts, Query, Word

_WEIGHTS = {"name": engine.NAME, "sku": engine.SKU, "category": engine.CATEGORY, "description": engine.DESCRIPTION}
_CLOSENESS = 0.02
"""How much is added for how rare a word is and how short the text around it: too little to outdo where it stands."""
_ALSO_ELSEWHERE = 0.05
_FIRST = 10.0
_MOST_CATEGORIES = 20_000
_LARGEST = (1 << 63) - 1
_ORDERS = {
    "price": [("price", "asc")],
    "-price": [("price", "desc")],
    "rating": [("rating", "desc"), ("rating_count", "desc"), ("created", "desc")],
    "newest": [("created", "desc")],
}
_KEY = ("key_high", "key_low")


def matching(query: Query) -> Part:
    """Return all that matches, weighed by relevance where there are words."""
    parts = [(Occur.Must, _clause(clause, _WEIGHTS)) for clause in query.clauses]
    parts += [(Occur.Should, _whole_sku(sku)) for sku in query.skus if query.clauses]
    parts += [(Occur.Must, Part.const_score_query(part, 0.0)) for part in _filters(query)]
    if not any(occur is Occur.Must for occur, _ in parts):
        return Part.all_query()
    return Part.boolean_query(parts)


def suggesting(query: Query) -> Part:
    """Return what has all the words in its name or SKU; what begins with them stands first."""
    weights = {field: _WEIGHTS[field] for field in ("name", "sku")}
    parts = [(Occur.Must, _clause(clause, weights)) for clause in query.clauses]
    if not parts:
        return Part.empty_query()
    typed = " ".join(word.text for clause in query.clauses for word in clause.typed)
    begins = Part.regex_query(SCHEMA, "name_order", f"{typed}.*")
    parts += [(Occur.Should, Part.const_score_query(begins, _FIRST))]
    parts += [(Occur.Should, _whole_sku(sku)) for sku in query.skus]
    return Part.boolean_query(parts)


def counts(query: Query) -> dict[str, Any]:
    """Return the aggregations that count what matches, and divide it where that is asked for."""
    asked: dict[str, Any] = {"total": {"value_count": {"field": "price"}}}
    if query.facets:
        asked |= {
            "categories": {"terms": {"field": "categories", "size": _MOST_CATEGORIES}},
            "price": {"stats": {"field": "price"}},
            "ratings": {"terms": {"field": "rating", "size": 501}},
            "in_stock": {"terms": {"field": "in_stock"}},
        }
    return asked


def facets(searcher: tantivy.Searcher, wanted: Part, counted: dict[str, Any]) -> FacetCounts:
    """Return the facets from what the aggregations of `counts` found."""
    return FacetCounts(
        categories={UUID(bucket["key"]): bucket["doc_count"] for bucket in counted["categories"]["buckets"]},
        prices=_price_counts(searcher, wanted, counted["price"]),
        ratings=_rating_counts(counted["ratings"]["buckets"]),
        in_stock=sum(bucket["doc_count"] for bucket in counted["in_stock"]["buckets"] if bucket["key"]),
    )


def page(searcher: tantivy.Searcher, wanted: Part, query: Query, total: int) -> tuple[UUID, ...]:
    """Return the keys of one page of the `total` that match, in order."""
    size = min(query.limit, total - query.start)
    if size <= 0:
        return ()
    if query.sort == "relevance":
        return keys_of(searcher, _addresses(searcher.search(wanted, size, count=False, offset=query.start)))
    if query.sort == "name":
        ordered = searcher.search(
            wanted, size, count=False, offset=query.start, order_by_field="name_order", order=Order.Asc
        )
        return keys_of(searcher, _addresses(ordered))
    order = [*_ORDERS[query.sort], *((half, "asc") for half in _KEY)]
    # No more than there are: tantivy 0.27 panics where `from` and `size` reach past the end.
    cut = {"from": query.start, "size": size, "docvalue_fields": [*_KEY]}
    asked = {"page": {"top_hits": {**cut, "sort": [{field: direction} for field, direction in order]}}}
    hits = searcher.aggregate(wanted, asked)["page"]["hits"]
    return tuple(key_from(*(hit["docvalue_fields"][half][0] for half in _KEY)) for hit in hits)


def _addresses(result: tantivy.SearchResult) -> list[tantivy.DocAddress]:
    return [address for _, address in result.hits]


def _price_counts(searcher: tantivy.Searcher, wanted: Part, spread: dict[str, Any]) -> tuple[tuple[int, int, int], ...]:
    """Return how many of `wanted` are in each price band. `spread` has the lowest and the highest price."""
    if not spread["count"]:
        return ()
    bands = price_bands(int(spread["min"]), int(spread["max"]))
    ranges = [{"from": low, "to": high + 1} for low, high in bands]
    found = searcher.aggregate(wanted, {"bands": {"range": {"field": "price", "ranges": ranges}}})
    counts = {int(bucket["from"]): bucket["doc_count"] for bucket in found["bands"]["buckets"] if "from" in bucket}
    return tuple((low, high, counts.get(low, 0)) for low, high in bands)


def _rating_counts(buckets: Iterable[dict[str, Any]]) -> dict[int, int]:
    """Return for each of STARS how many are rated so or better."""
    counts = [(int(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets]
    return {stars: sum(count for rating, count in counts if rating >= stars * 100) for stars in STARS}


def _clause(clause: Clause, weights: dict[str, float]) -> Part:
    typed = _all_of([_word(word, weights) for word in clause.typed])
    if not clause.synonyms:
        return typed
    others = [_all_of([_word(word, weights) for word in other]) for other in clause.synonyms]
    return Part.disjunction_max_query([typed, *(Part.boost_query(other, engine.SYNONYM) for other in others)])


def _all_of(parts: list[Part]) -> Part:
    return parts[0] if len(parts) == 1 else Part.boolean_query([(Occur.Must, part) for part in parts])


def _word(word: Word, weights: dict[str, float]) -> Part:
    """Return where the word stands; it counts where it weighs most, and a little wherever else it stands."""
    ways = []
    for field, weight in weights.items():
        exact = Part.term_query(SCHEMA, field, word.text, "freq")
        close = Part.boost_query(exact, _CLOSENESS)
        ways.append(Part.boolean_query([(Occur.Must, Part.const_score_query(exact, weight)), (Occur.Should, close)]))
        if word.begins:
            begins = Part.regex_query(SCHEMA, field, f"{word.text}.*")
            ways.append(Part.const_score_query(begins, weight * engine.BEGINS))
        if word.typo:
            ways.append(Part.const_score_query(Part.fuzzy_term_query(SCHEMA, field, word.text), weight * engine.TYPO))
    return Part.disjunction_max_query(ways, _ALSO_ELSEWHERE)


def _whole_sku(sku: str) -> Part:
    return Part.const_score_query(Part.term_query(SCHEMA, "sku_whole", sku, "basic"), engine.EXACT_SKU)


def _filters(query: Query) -> Iterable[Part]:
    if query.category is not None:
        yield Part.term_query(SCHEMA, "categories", str(query.category), "basic")
    if query.low is not None or query.high is not None:
        yield _between("price", query.low, query.high)
    if query.rating is not None:
        yield _between("rating", query.rating, None)
    if query.in_stock:
        yield Part.term_query(SCHEMA, "in_stock", field_value=True)


def _between(field: str, low: int | None, high: int | None) -> Part:
    most = _LARGEST if high is None else high
    return Part.range_query(SCHEMA, field, FieldType.Integer, 0 if low is None else low, most)
