"""What is asked of Elasticsearch, in its own terms.

A word weighs by where it stands and how near it is (`shop.search.engine`), which constant scores say exactly; how rare a word is and how
short the text around it only settles what is equal.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from elasticsearch.dsl import Search
from elasticsearch.dsl.query import Bool, ConstantScore, DisMax, Fuzzy, MatchAll, Prefix, Range, Term, Terms
from elasticsearch.dsl.query import Query as Part

from shop.search import engine
from shop.search.engine import STARS, Clause, Query, Word

WINDOW = 1_000_000
"""How far down a list pages can be asked for (`max_result_window` of the index)."""
_WEIGHTS = {"name": engine.NAME, "sku": engine.SKU, "category": engine.CATEGORY, "description": engine.DESCRIPTION}
_CLOSENESS = 0.02
_ALSO_ELSEWHERE = 0.05
_FIRST = 10.0
_EXPANSIONS = 200
"""How many words of the index one word with a wrong letter may stand for."""
_MOST_CATEGORIES = 20_000
_ORDERS = {
    "relevance": ("_score", "-created", "key"),  # the score: highest first
    "price": ("price", "key"),
    "-price": ("-price", "key"),
    "name": ("name_order", "key"),
    "rating": ("-rating", "-rating_count", "-created", "key"),
    "newest": ("-created", "key"),
}


def searching(query: Query) -> Search:
    """Return the search for one page of what matches and, where asked for, what its facets need to be known first."""
    start = min(query.start, WINDOW)
    found = Search().query(matching(query)).sort(*_ORDERS[query.sort])[start : min(start + query.limit, WINDOW)]
    if query.facets:
        _count(found)
    return found.source(False).extra(track_total_hits=True)


def suggesting(query: Query) -> Search:
    """Return the search for what has all the words in its name or SKU; what begins with them stands first."""
    weights = {field: _WEIGHTS[field] for field in ("name", "sku")}
    typed = " ".join(word.text for clause in query.clauses for word in clause.typed)
    first = ConstantScore(filter=Prefix(name_order={"value": typed}), boost=_FIRST)
    must = [_clause(clause, weights) for clause in query.clauses]
    wanted = Bool(must=must, should=[first, *_whole_sku(query)])
    found = Search().query(wanted).sort(*_ORDERS["relevance"])
    return found.source(False).extra(size=query.limit, track_total_hits=False)


def price_bands_of(query: Query, bands: Sequence[tuple[int, int]]) -> Search:
    """Return the search that counts what matches in each of `bands`, both ends included."""
    found = Search().query(matching(query)).extra(size=0, track_total_hits=False)
    ranges = [{"key": str(low), "from": low, "to": high + 1} for low, high in bands]
    found.aggs.bucket("bands", "range", field="price", keyed=True, ranges=ranges)
    return found


def matching(query: Query) -> Part:
    """Return all that matches, weighed by relevance where there are words."""
    must = [_clause(clause, _WEIGHTS) for clause in query.clauses]
    filters = list(_filters(query))
    if not must and not filters:
        return MatchAll()
    # Without a word nothing weighs anything.
    return Bool(must=must, filter=filters, should=_whole_sku(query) if must else [])


def _count(found: Search) -> None:
    found.aggs.bucket("categories", "terms", field="categories", size=_MOST_CATEGORIES)
    found.aggs.metric("prices", "stats", field="price")
    stars = [{"key": str(least), "from": least * 100} for least in STARS]
    found.aggs.bucket("ratings", "range", field="rating", keyed=True, ranges=stars)
    found.aggs.bucket("in_stock", "filter", filter=Term(in_stock=True))


def _clause(clause: Clause, weights: Mapping[str, float]) -> Part:
    typed = _all_of(clause.typed, weights, boost=1.0)
    if not clause.synonyms:
        return typed
    others = [_all_of(other, weights, boost=engine.SYNONYM) for other in clause.synonyms]
    return DisMax(queries=[typed, *others])


def _all_of(words: Sequence[Word], weights: Mapping[str, float], *, boost: float) -> Part:
    return Bool(must=[_word(word, weights) for word in words], boost=boost)


def _word(word: Word, weights: Mapping[str, float]) -> Part:
    """Return where the word stands; it counts where it weighs most, and a little wherever else it stands."""
    return DisMax(
        queries=[way for field, weight in weights.items() for way in _ways(word, field, weight)],
        tie_breaker=_ALSO_ELSEWHERE,
    )


def _ways(word: Word, field: str, weight: float) -> Iterator[Part]:
    exact = ConstantScore(filter=Term(**{field: {"value": word.text}}), boost=weight)
    yield Bool(must=[exact], should=[Term(**{field: {"value": word.text, "boost": _CLOSENESS}})])
    if word.begins:
        yield ConstantScore(filter=Prefix(**{field: {"value": word.text}}), boost=weight * engine.BEGINS)
    if word.typo:
        near = {"value": word.text, "fuzziness": 1, "transpositions": True, "max_expansions": _EXPANSIONS}
        yield ConstantScore(filter=Fuzzy(**{field: near}), boost=weight * engine.TYPO)


def _whole_sku(query: Query) -> list[Part]:
    if not query.skus:
        return []
    return [ConstantScore(filter=Terms(sku_whole=list(query.skus)), boost=engine.EXACT_SKU)]


def _filters(query: Query) -> Iterator[Part]:
    if query.category is not None:
        yield Term(categories=str(query.category))
    if query.low is not None or query.high is not None:
        yield Range(price=_between(query.low, query.high))
    if query.rating is not None:
        yield Range(rating=_between(query.rating, None))
    if query.in_stock:
        yield Term(in_stock=True)


def _between(low: int | None, high: int | None) -> dict[str, Any]:
    return {name: number for name, number in (("gte", low), ("lte", high)) if number is not None}
