"""A small catalogue for the contract that every search engine keeps."""

from uuid import UUID, uuid5

from shop.search import words
from shop.search.engine import Document, Query

ROOT = UUID("8f0c6b7e-5a41-7c07-9a52-3d0f4a1f2b11")
NO_SYNONYMS: words.Synonyms = {}


def key(name: str) -> UUID:
    """Return the key that stands for `name` in these tests."""
    return uuid5(ROOT, name)


def document(name: str, **changes) -> Document:
    """Return a document with this name; its SKU is made from it, and it was made later than those with fewer letters before it."""
    path = changes.pop("path", ("Kitchen",))
    values = {
        "id": key(name),
        "name": name,
        "sku": f"SKU-{key(name).hex[:8]}",
        "description": "",
        "categories": tuple(key(part) for part in path),
        "category_names": tuple(path),
        "price": 10_000,
        "rating": 0,
        "rating_count": 0,
        "in_stock": True,
        "created": 1_700_000_000_000_000,
    }
    return Document(**{**values, **changes})


def typed(text: str, synonyms: words.Synonyms = NO_SYNONYMS, **more) -> Query:
    """Return the query that somebody makes who types `text`."""
    return Query(
        clauses=words.clauses(text, synonyms),
        skus=words.skus(text),
        **{"sort": "relevance", "limit": 20, **more},
    )
