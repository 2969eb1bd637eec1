"""The indices behind the alias that the store asks: how one is built, put in the place of the last one, and what is left over removed.

An index is named `PREFIX-products-SCHEMA-KEY`; keys sort by the time of their making. While it is filled, only an alias of its own writes
to it, and requests require that alias: an index that somebody removed meanwhile is not made anew by a request that comes too late.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

import structlog
from elasticsearch import Elasticsearch, NotFoundError, TransportError
from elasticsearch.exceptions import ApiError

from cryptons.db import uuid7
from shop.search.elastic.document import as_row, index_body, schema
from shop.search.elastic.errors import NOT_READY, asking, is_missing, understanding
from shop.search.engine import Document, SearchBusy, SearchNotReady, SearchUnavailable

log = structlog.get_logger(__name__)

Action = tuple[dict[str, Any], dict[str, Any] | None]
"""What to do with a document, and the document where there is one, as two lines of a bulk request."""
_PIECE = 300
"""Changes in one request: far less than the 100 MB that Elasticsearch takes, even with long descriptions."""
_BUILDING = "-building"


class Indices:
    """The indices of the store that `prefix` names, on the server that `client` speaks to."""

    def __init__(self, client: Elasticsearch, prefix: str) -> None:
        self._client = client
        self._family = f"{prefix}-products"
        self.alias = f"{self._family}-{schema()}"
        self._name = re.compile(rf"{re.escape(self._family)}-[0-9a-f]{{8}}-([0-9a-f]{{32}})")

    def build(self, documents: Iterable[Document]) -> int:
        """Fill a new index and put it in the place of the one in use; return how many documents it holds. It is removed where that fails.

        Raises SearchBusy where a build that began later was faster.
        """
        name = f"{self.alias}-{uuid7().hex}"
        done = False
        try:
            with asking():
                self._client.indices.create(index=name, **index_body(), aliases={name + _BUILDING: {}})
            held = self._fill(name, documents)
            with asking():
                self._client.indices.refresh(index=name)
                self._use(name)
            done = True
        finally:
            if not done:
                self._discard(name)
        return held

    def write(self, actions: Iterable[Action], *, to: str, refresh: bool) -> None:
        """Send `actions` in pieces. Raises SearchNotReady where there is no such alias, SearchUnavailable where any of them was refused.

        Taking away what is not there is no error.
        """
        for piece in _pieces(actions):
            lines = [line for action, row in piece for line in ((action, row) if row is not None else (action,))]
            with asking():
                answer = self._client.bulk(operations=lines, index=to, require_alias=True, refresh=refresh)
            with understanding():
                _check(answer["items"], len(piece))

    def _fill(self, name: str, documents: Iterable[Document]) -> int:
        held = 0

        def puts() -> Iterator[Action]:
            nonlocal held
            for document in documents:
                held += 1
                yield put(document)

        try:
            self.write(puts(), to=name + _BUILDING, refresh=False)
        except SearchNotReady as error:
            raise _overtaken() from error
        return held

    def _use(self, name: str) -> None:
        """Give `name` the alias and take it from the others, in one step; remove what is older. What is newer is being built now."""
        family = self._client.indices.get_alias(index=f"{self._family}-*").body
        others = {other: found["aliases"] for other, found in family.items() if self._is_ours(other) and other != name}
        if any(self.alias in aliases and self._age(other) > self._age(name) for other, aliases in others.items()):
            raise _overtaken()
        older = [other for other in others if self._age(other) < self._age(name)]
        actions: list[dict[str, Any]] = [{"remove_index": {"index": other}} for other in older]
        actions += [
            {"add": {"index": name, "alias": self.alias}},
            {"remove": {"index": name, "alias": name + _BUILDING, "must_exist": True}},
        ]
        try:
            self._client.indices.update_aliases(actions=actions)
        except NotFoundError as error:
            raise _overtaken() from error

    def _discard(self, name: str) -> None:
        try:
            self._client.indices.delete(index=name, ignore_unavailable=True)
        except (ApiError, TransportError) as error:
            log.warning("search.leftover", index=name, error=str(error))  # the next build removes it

    def _is_ours(self, name: str) -> bool:
        return self._name.fullmatch(name) is not None

    def _age(self, name: str) -> str:
        return name.rpartition("-")[2]


def put(document: Document) -> Action:
    """Return the action that puts `document` in, in the place of the one with the same key."""
    return {"index": {"_id": str(document.id)}}, as_row(document)


def take(key: UUID) -> Action:
    """Return the action that takes the document with this key out."""
    return {"delete": {"_id": str(key)}}, None


def _pieces(actions: Iterable[Action]) -> Iterator[list[Action]]:
    rest = iter(actions)
    while piece := list(islice(rest, _PIECE)):
        yield piece


def _check(items: list[dict[str, Any]], sent: int) -> None:
    if len(items) != sent:
        raise SearchUnavailable(f"Elasticsearch answered {len(items)} of {sent} changes.")
    for item in items:
        ((kind, told),) = item.items()
        if told["status"] >= 300 and not (kind == "delete" and told.get("result") == "not_found"):
            raise _not_written(told)


def _not_written(told: dict[str, Any]) -> SearchUnavailable:
    if is_missing(told):
        return SearchNotReady(NOT_READY)
    error = told["error"]
    return SearchUnavailable(f"Elasticsearch did not take {told['_id']}: {error['type']}, {error['reason']}")


def _overtaken() -> SearchBusy:
    return SearchBusy("Another rebuild of the search index began after this one and is in its place.")
