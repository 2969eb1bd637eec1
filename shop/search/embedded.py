"""The search engine inside the store: tantivy, with its index in a folder. One process writes at a time, any number read.

Nothing is kept open for writing between two calls, so no writer ever crosses a fork; the lock is the kernel's and goes with the process.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import tantivy
from django.conf import settings

from shop.search import embedded_query as build
from shop.search.embedded_reader import engine_errors, newest_searcher
from shop.search.embedded_schema import SCHEMA, VERSION, as_row, keys_of
from shop.search.engine import Document, Found, Query, SearchBusy, SearchNotReady, State
from shop.search.folders import discard, folder_in_use, new_folder, use

_HEAP = 32_000_000
"""Bytes that a writer may fill before it writes a part of the index."""


class EmbeddedEngine:
    """See `shop.search.engine.Engine`. `root` is the folder that holds the indexes."""

    name = "tantivy"

    def __init__(self, root: Path) -> None:
        self._root = root

    def search(self, query: Query) -> Found:
        """Return what matches."""
        with engine_errors(self._root):
            searcher, wanted = newest_searcher(self._root), build.matching(query)
            counted = searcher.aggregate(wanted, build.counts(query))
            total = int(counted["total"]["value"])
            facets = build.facets(searcher, wanted, counted) if query.facets else None
            return Found(build.page(searcher, wanted, query, total), total, facets)

    def suggest(self, query: Query) -> tuple[UUID, ...]:
        """Return what the beginning of a search suggests."""
        with engine_errors(self._root):
            searcher = newest_searcher(self._root)
            result = searcher.search(build.suggesting(query), query.limit, count=False)
            return keys_of(searcher, [address for _, address in result.hits])

    def apply(self, *, put: Sequence[Document], remove: Sequence[UUID]) -> None:
        """Put and remove in one commit."""
        folder = folder_in_use(self._root, VERSION)
        with engine_errors(self._root), _writer(tantivy.Index.open(str(folder))) as writer:
            for key in (*remove, *(document.id for document in put)):
                writer.delete_documents_by_term("id", str(key))
            for document in put:
                writer.add_document(as_row(document))

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Build in a new folder, then point to it."""
        folder = new_folder(self._root, VERSION)
        held = 0
        try:
            with engine_errors(self._root):
                index = tantivy.Index(SCHEMA, path=str(folder), sort_by_field="created", sort_order=tantivy.Order.Desc)
            with _writer(index) as writer:
                for document in documents:
                    with engine_errors(self._root):
                        writer.add_document(as_row(document))
                    held += 1
            use(folder)
        except BaseException:
            discard(folder)
            raise
        return held

    def state(self) -> State:
        """Return how the index is, after asking it something."""
        try:
            found = self.search(Query(facets=True))
        except SearchNotReady as error:
            return State(ready=False, detail=str(error))
        return State(ready=True, documents=found.total)

    def fingerprints(self) -> Iterator[tuple[UUID, str]]:
        """Yield what is in the index."""
        with engine_errors(self._root):
            searcher = newest_searcher(self._root)
            hits = searcher.search(tantivy.Query.all_query(), max(searcher.num_docs, 1), count=False).hits
            addresses = [address for _, address in hits]
            for key, address in zip(keys_of(searcher, addresses), addresses, strict=True):
                yield key, searcher.doc(address)["fingerprint"][0]


@contextmanager
def _writer(index: tantivy.Index) -> Iterator[tantivy.IndexWriter]:
    """Give the one writer of `index` and commit at the end; nothing of it is kept where the block fails. Raises SearchBusy."""
    try:
        writer = index.writer(_HEAP, num_threads=1)
    except ValueError as error:
        if "LockBusy" in str(error):
            raise SearchBusy("Another process writes to the search index at this moment.") from error
        raise
    try:
        yield writer
        writer.commit()
    except BaseException:
        writer.rollback()
        raise
    finally:
        writer.wait_merging_threads()


def from_settings() -> EmbeddedEngine:
    """Return the engine of this store."""
    return EmbeddedEngine(settings.VAR_DIR / "search")
