"""What a shopper asked of the product list, read from the query string."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from urllib.parse import urlencode

SORTS = {
    "newest": ("Newest first", ("-created_at", "id")),
    "price": ("Price, low to high", ("price", "id")),
    "-price": ("Price, high to low", ("-price", "id")),
    "name": ("Name, A to Z", ("search_text", "id")),
    "rating": ("Best rated first", ("-rating", "-rating_count", "-created_at", "id")),
    "relevance": ("Best match first", ("match", "-created_at", "id")),
}
"""What the list can be sorted by: words for people, columns for the database.

The key settles equals; `arranged` measures `match`; `search_text` begins with the folded name, by which a search engine sorts as well.
"""

DEFAULT_SORT = "newest"
MAX_WORDS = 100
_STARS = {"1", "2", "3", "4"}
_PRICE = re.compile(r"[0-9]{1,9}([.,][0-9]{1,3})?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Filters:
    """The list as asked for. `low` and `high` are prices in the store's currency, `rating` the least average.

    `errors` name the fields that made no sense.
    """

    words: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    in_stock: bool = False
    rating: Decimal | None = None
    sort: str = DEFAULT_SORT
    errors: dict[str, str] = field(default_factory=dict, hash=False)
    typed: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns to sort by."""
        if self.sort == "relevance" and not self.by_match:
            return SORTS[DEFAULT_SORT][1]
        return SORTS[self.sort][1]

    @property
    def by_match(self) -> bool:
        """Tell whether the best match comes first."""
        return self.sort == "relevance" and bool(self.words)

    @property
    def narrows(self) -> bool:
        """Tell whether anything but the sorting was chosen."""
        bounds = (self.low, self.high, self.rating)
        return bool(self.words or self.in_stock) or any(bound is not None for bound in bounds)

    @property
    def is_typed(self) -> bool:
        """Tell whether any of it was written rather than chosen: words, or what was meant for a price."""
        return any(self.typed.values()) or bool(self.words) or self.low is not None or self.high is not None

    def query(self) -> str:
        """Return what was chosen as a query string, `?` included, empty for the plain list."""
        pairs = {
            "q": self.words,
            "min": "" if self.low is None else f"{self.low:f}",
            "max": "" if self.high is None else f"{self.high:f}",
            "stock": "1" if self.in_stock else "",
            "rating": "" if self.rating is None else f"{self.rating:f}",
            "sort": "" if self.sort == usual_sort(self.words) else self.sort,
        }
        chosen = {name: value for name, value in pairs.items() if value}
        return f"?{urlencode(chosen)}" if chosen else ""

    def without(self, name: str) -> "Filters":
        """Return the same with the filter `name` (words, low, high, in_stock, rating) taken off."""
        empty = Filters()
        less = replace(self, **{name: getattr(empty, name)})
        return replace(less, sort=DEFAULT_SORT) if less.sort == "relevance" and not less.words else less


def parse(sent: Mapping[str, str]) -> Filters:
    """Return what `sent` (the query string's pairs) asks for. Nonsense is left out and named in `errors`."""
    typed = {name: tidy(sent.get(name, "")) for name in ("q", "min", "max")}
    errors: dict[str, str] = {}
    low, high = (_price(name, typed[name], errors) for name in ("min", "max"))
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Filters(
        words=typed["q"],
        low=low,
        high=high,
        in_stock=sent.get("stock", "") in {"1", "on", "true"},
        rating=Decimal(sent["rating"]) if sent.get("rating", "") in _STARS else None,
        sort=_sort(sent.get("sort", ""), typed["q"]),
        errors=errors,
        typed=typed,
    )


def sorts_for(words: str) -> dict[str, str]:
    """Return what a list can be sorted by, in words for people; nothing matches better than another where there are no words."""
    return {key: label for key, (label, _columns) in SORTS.items() if words or key != "relevance"}


def usual_sort(words: str) -> str:
    """Return how a list is sorted where nothing else was chosen."""
    return "relevance" if words else DEFAULT_SORT


def tidy(text: str) -> str:
    """Return words to search for on one line, at most MAX_WORDS characters."""
    return " ".join(_CONTROL.sub(" ", text)[:MAX_WORDS].split())


def _sort(sent: str, words: str) -> str:
    return sent if sent in sorts_for(words) else usual_sort(words)


def _price(name: str, text: str, errors: dict[str, str]) -> Decimal | None:
    if not text:
        return None
    if not _PRICE.fullmatch(text):
        errors[name] = "Write a price in figures, such as 25 or 19.90."
        return None
    return Decimal(text.replace(",", "."))
