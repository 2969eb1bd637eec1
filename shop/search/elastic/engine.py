"""The search engine outside the store. One server, one try a question, and never a long wait."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from elasticsearch import Elasticsearch
from elasticsearch.dsl import Search

from shop.facets import price_bands
from shop.search.elastic import queries
from shop.search.elastic.errors import asking, understanding
from shop.search.elastic.indices import Indices, take
from shop.search.elastic.indices import put as put_in
from shop.search.engine import STARS, Document, FacetCounts, Found, Query, SearchNotReady, SearchUnavailable, State

ASKING = 3.0
"""Seconds that somebody waits for an answer at most."""
WRITING = 30.0
"""Seconds that a piece of the index may take to be written."""
_PAGE = 1000


class ElasticEngine:
    """See `shop.search.engine.Engine`. `prefix` keeps stores apart that share a server; `asking` and `writing` are seconds to wait."""

    name = "elasticsearch"

    def __init__(self, client: Elasticsearch, prefix: str, *, asking: float = ASKING, writing: float = WRITING) -> None:
        self._client = client.options(request_timeout=asking)
        self._indices = Indices(client.options(request_timeout=writing), prefix)

    def search(self, query: Query) -> Found:
        """Return what matches."""
        answer = self._ask(queries.searching(query))
        with understanding():
            total = int(answer["hits"]["total"]["value"])
            facets = self._facets(query, answer["aggregations"]) if query.facets else None
            return Found(_keys(answer), total, facets)

    def suggest(self, query: Query) -> tuple[UUID, ...]:
        """Return what the beginning of a search suggests."""
        if not query.clauses:
            return ()
        answer = self._ask(queries.suggesting(query))
        with understanding():
            return _keys(answer)

    def apply(self, *, put: Sequence[Document], remove: Sequence[UUID]) -> None:
        """Put and remove in one request (in several where it is much); what was written then is searched at once.

        Everything is made ready before anything is sent. Should the server take a part only, the whole is an error and can be sent again.
        """
        actions = [*(take(key) for key in remove), *(put_in(document) for document in put)]
        self._indices.write(actions, to=self._indices.alias, refresh=True)

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Build a new index and move the alias to it."""
        return self._indices.build(documents)

    def state(self) -> State:
        """Return how the index is, after asking it something."""
        try:
            found = self.search(Query())
        except SearchNotReady as error:
            return State(ready=False, detail=str(error))
        return State(ready=True, documents=found.total)

    def fingerprints(self) -> Iterator[tuple[UUID, str]]:
        """Yield what is in the index, a page at a time."""
        page = Search().sort("key").source(False).extra(size=_PAGE, docvalue_fields=["fingerprint"])
        after: list[Any] | None = None
        while True:
            answer = self._ask(page.extra(search_after=after) if after else page)
            with understanding():
                found = [(UUID(hit["_id"]), str(hit["fields"]["fingerprint"][0])) for hit in answer["hits"]["hits"]]
                after = answer["hits"]["hits"][-1]["sort"] if found else None
            yield from found
            if len(found) < _PAGE:
                return

    def _ask(self, search: Search) -> Mapping[str, Any]:
        """Return the answer of the index in use. Half an answer is none: a list without some of its products would be taken for whole."""
        with asking():
            answer = self._client.search(
                index=self._indices.alias, body=search.to_dict(), allow_partial_search_results=False
            )
        with understanding():
            if answer["timed_out"]:
                raise SearchUnavailable("Elasticsearch did not find everything in time.")
            return dict(answer.body)

    def _facets(self, query: Query, counted: Mapping[str, Any]) -> FacetCounts:
        ratings = counted["ratings"]["buckets"]
        return FacetCounts(
            categories={UUID(bucket["key"]): bucket["doc_count"] for bucket in counted["categories"]["buckets"]},
            prices=self._prices(query, counted["prices"]),
            ratings={least: ratings[str(least)]["doc_count"] for least in STARS},
            in_stock=counted["in_stock"]["doc_count"],
        )

    def _prices(self, query: Query, spread: Mapping[str, Any]) -> tuple[tuple[int, int, int], ...]:
        """Return how many of what matches are in each price band. `spread` has the lowest and the highest price."""
        if not spread["count"]:
            return ()
        bands = price_bands(int(spread["min"]), int(spread["max"]))
        counted = self._ask(queries.price_bands_of(query, bands))["aggregations"]["bands"]["buckets"]
        return tuple((low, high, counted[str(low)]["doc_count"]) for low, high in bands)


def _keys(answer: Mapping[str, Any]) -> tuple[UUID, ...]:
    return tuple(UUID(hit["_id"]) for hit in answer["hits"]["hits"])
