"""What a search engine has to do for the shop, and in what terms the shop speaks to it. No engine is named here.

An engine knows documents and answers with keys; the database stays the one truth, and what is shown always comes from there. So an index
may be late, lost or rebuilt at any time without harm.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Protocol
from uuid import UUID

NAME, SKU, CATEGORY, DESCRIPTION = 8.0, 6.0, 3.0, 1.0
"""What a word weighs by where it stands. A word counts where it weighs most."""
BEGINS, SYNONYM, TYPO = 0.6, 0.5, 0.1
"""What remains of the weight where a word only begins as typed, is a synonym, or is a letter off. `DESCRIPTION` outweighs any `TYPO`."""
EXACT_SKU = 20.0
"""Added where what was typed is the whole SKU."""
STARS = (4, 3, 2, 1)
"""The ratings that are counted: so many stars or more."""
SORTS = ("relevance", "price", "-price", "name", "rating", "newest")
"""See `Query.sort`."""


class SearchUnavailable(Exception):
    """The engine cannot be asked now: it is away, too slow or out of order. The message is for the operator."""


class SearchFailed(SearchUnavailable):
    """This question was not answered; the next one may be. No reason to leave the engine alone for a while."""


class SearchNotReady(SearchUnavailable):
    """There is nothing to ask: the index is missing, damaged or made by another version of the store. Known at once, without waiting."""


class SearchBusy(SearchUnavailable):
    """Another process writes to the index. Try again in a moment."""


@dataclass(frozen=True, slots=True)
class Document:
    """A product as it is searched; only those that are shown in the shop have one.

    `categories` are the keys of its category and all above it, `category_names` their names. `price` is in thousandths of the currency's
    unit (the precision of the database, whatever the currency), `rating` in hundredths of a star (0 to 500), `created` in microseconds
    since 1970.
    """

    id: UUID
    name: str
    sku: str
    description: str
    categories: tuple[UUID, ...]
    category_names: tuple[str, ...]
    price: int
    rating: int
    rating_count: int
    in_stock: bool
    created: int

    @property
    def fingerprint(self) -> str:
        """Return a short text that differs where anything in the document does (kept in the index, for `check_search`)."""
        content = repr(tuple(getattr(self, name) for name in self.__slots__))
        return blake2b(content.encode("utf-8", "backslashreplace"), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Word:
    """A word that was typed, folded (`shop.search.words.fold`).

    `typo`: one letter may be missing, wrong, too much or swapped with its neighbour. `begins`: it may be the beginning of a word.
    """

    text: str
    typo: bool = False
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """Something that has to be found: the `typed` words, all of them, or all words of one of the `synonyms` (which weigh less)."""

    typed: tuple[Word, ...]
    synonyms: tuple[tuple[Word, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. All clauses have to match, each in any of name, SKU, category names and description; and all filters.

    `skus`: what was typed, as `shop.search.words.joined` writes SKUs; a document whose whole SKU is among them comes first.
    `category` includes all below it. `low` and `high` are prices as in `Document`, both included; `rating` is the least, as in `Document`.
    `sort`: relevance (best first), price, -price, name (folded), rating (best first, then the most rated, then newest), newest. What is
    equal is settled by the key, so that pages neither overlap nor leave anything out; what is equally relevant stands newest first where
    the engine can do that cheaply. `start` and `limit` cut the page; a limit of 0 asks only for total and facets.
    """

    clauses: tuple[Clause, ...] = ()
    skus: tuple[str, ...] = ()
    category: UUID | None = None
    low: int | None = None
    high: int | None = None
    rating: int | None = None
    in_stock: bool = False
    sort: str = "newest"
    start: int = 0
    limit: int = 0
    facets: bool = False


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """How all that matches (with all filters) is divided. What has a count of 0 may be left out of the mappings.

    `prices` are (from, to, count) for each of `shop.facets.price_bands(lowest price, highest price)`, both ends included.
    `ratings` says for each of `STARS` how many are rated so or better.
    """

    categories: Mapping[UUID, int] = field(default_factory=dict)
    prices: tuple[tuple[int, int, int], ...] = ()
    ratings: Mapping[int, int] = field(default_factory=dict)
    in_stock: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """The keys of one page, in order, and how many match in all. `facets` only where they were asked for."""

    ids: tuple[UUID, ...]
    total: int
    facets: FacetCounts | None = None


@dataclass(frozen=True, slots=True)
class State:
    """How the index is: whether it can be asked, how many documents it holds, and a word for people where something is wrong."""

    ready: bool
    documents: int = 0
    detail: str = ""


class Engine(Protocol):
    """A search engine. Every method raises SearchUnavailable (or one of its kinds) and no error of the engine's own; none waits long.

    Objects are cheap, hold no writer, and may be used by several threads.
    """

    @property
    def name(self) -> str:
        """Return the engine's name, as `meta.search.engine` tells it."""

    def search(self, query: Query) -> Found:
        """Return what matches."""

    def suggest(self, query: Query) -> tuple[UUID, ...]:
        """Return the keys of at most `query.limit` documents whose name or SKU has all the words, the most relevant first.

        Only `clauses`, `skus` and `limit` count. A name that begins with what was typed comes before one that has it further on.
        """

    def apply(self, *, put: Sequence[Document], remove: Sequence[UUID]) -> None:
        """Put documents in (in the place of those with the same key) and take others out, all at once; safe twice.

        On return it is lasting and the next `search` finds it, in any process. Raises SearchNotReady where there is no index yet.
        """

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Build a new index of `documents` beside the one in use and put it in its place at once; return how many it holds.

        The old one answers until then. Where anything fails, also in `documents` (which is read in a stream), the old one stays.
        """

    def state(self) -> State:
        """Return how the index is. Raises SearchUnavailable where the engine does not answer; an index not to be used is not `ready`."""

    def fingerprints(self) -> Iterator[tuple[UUID, str]]:
        """Yield the key and `Document.fingerprint` of every document in the index, in any order."""
