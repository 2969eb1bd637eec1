"""Asking the engine, and doing without it: a question is never worth a long wait, and never an error page."""

import time
from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TypeVar
from uuid import UUID

import structlog
from django.core.cache import cache

from shop.filters import Filters
from shop.search import words
from shop.search.choice import chosen_engine
from shop.search.engine import Engine, Found, Query, SearchBusy, SearchFailed, SearchNotReady, SearchUnavailable
from shop.search.synonyms import synonyms

log = structlog.get_logger(__name__)

REST_SECONDS = 5.0
"""How long an engine that did not answer is left alone by this process."""

Answer = TypeVar("Answer")
_rests_until: dict[str, float] = {}


def ask(question: Callable[[Engine], Answer]) -> Answer | None:
    """Return the engine's answer, None where it has none: then the database has to do.

    An engine that is away is not asked again for a while, so that of many requests one waits for it.
    """
    engine = chosen_engine()
    if time.monotonic() < _rests_until.get(engine.name, 0.0):
        return None
    try:
        return question(engine)
    except (SearchFailed, SearchNotReady, SearchBusy) as error:
        _say(engine, error)
    except SearchUnavailable as error:
        _rests_until[engine.name] = time.monotonic() + REST_SECONDS
        _say(engine, error)
    return None


def wake() -> None:
    """Ask the engine again from now on, whatever it did before."""
    _rests_until.clear()


def query_of(filters: Filters, *, category: UUID | None, start: int, limit: int, facets: bool) -> Query:
    """Return what `filters` ask for in the engine's terms."""
    return Query(
        clauses=words.clauses(filters.words, synonyms()),
        skus=words.skus(filters.words),
        category=category,
        low=None if filters.low is None else _whole(filters.low.scaleb(3), ROUND_CEILING),
        high=None if filters.high is None else _whole(filters.high.scaleb(3), ROUND_FLOOR),
        rating=None if filters.rating is None else _whole(filters.rating.scaleb(2), ROUND_CEILING),
        in_stock=filters.in_stock,
        sort="newest" if filters.sort == "relevance" and not filters.words else filters.sort,
        start=start,
        limit=limit,
        facets=facets,
    )


def suggestion_query(typed: str, *, limit: int) -> Query:
    """Return the question for what begins like what was typed so far."""
    return Query(clauses=words.clauses(typed, synonyms()), skus=words.skus(typed), limit=limit)


def search(engine: Engine, query: Query) -> Found:
    """Return what matches. Wrong letters are only forgiven where the words are found nowhere as they were typed.

    Nowhere in the shop, whatever the filters: so all pages, facets and ways to narrow a list speak of the same products.
    """
    exact = words.strict(query.clauses)
    if exact != query.clauses and engine.search(Query(clauses=exact)).total:
        query = replace(query, clauses=exact)
    return engine.search(query)


def suggest(engine: Engine, query: Query) -> tuple[UUID, ...]:
    """Return what is suggested; wrong letters are only forgiven where there is nothing else."""
    return engine.suggest(replace(query, clauses=words.strict(query.clauses))) or engine.suggest(query)


def _whole(number: Decimal, rounding: str) -> int:
    return int(number.to_integral_value(rounding=rounding))


def _say(engine: Engine, error: SearchUnavailable) -> None:
    if cache.add("shop:search:away", True, 30):
        log.warning("search.without_engine", engine=engine.name, because=str(error))
