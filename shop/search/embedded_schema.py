"""What the embedded index holds of a product."""

from collections.abc import Sequence
from uuid import UUID

import tantivy

from shop.search.engine import Document
from shop.search.words import fold, joined, sku_words

VERSION = 1
"""Another one with each change of what is indexed or how: an index of another version is not read, but built anew."""

_HALF = 1 << 64
_SIGN = 1 << 63


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    for words in ("name", "sku", "category", "description"):
        builder.add_text_field(words, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("sku_whole", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("name_order", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("categories", tokenizer_name="raw", index_option="basic", fast=True)
    for number in ("price", "rating", "rating_count", "created", "key_high", "key_low"):
        builder.add_integer_field(number, fast=True)
    builder.add_boolean_field("in_stock", fast=True, indexed=True)
    builder.add_text_field("fingerprint", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


SCHEMA = _schema()


def as_row(document: Document) -> tantivy.Document:
    """Return the document as the index takes it."""
    row = tantivy.Document()
    name = fold(document.name)
    row.add_text("id", str(document.id))
    row.add_text("name", name)
    row.add_text("name_order", f"{name}\t{document.id}")
    row.add_text("sku", sku_words(document.sku))
    row.add_text("sku_whole", joined(document.sku))
    row.add_text("category", fold(" ".join(document.category_names)))
    row.add_text("description", fold(document.description))
    for category in document.categories:
        row.add_text("categories", str(category))
    high, low = divmod(document.id.int, _HALF)
    numbers = {
        "price": document.price,
        "rating": document.rating,
        "rating_count": document.rating_count,
        "created": document.created,
        # Shifted, so that the order of signed numbers is the order of the keys.
        "key_high": high - _SIGN,
        "key_low": low - _SIGN,
    }
    for field, number in numbers.items():
        row.add_integer(field, number)
    row.add_boolean("in_stock", document.in_stock)
    row.add_text("fingerprint", document.fingerprint)
    return row


def key_from(high: int, low: int) -> UUID:
    """Return the key of which these are the halves."""
    return UUID(int=(high + _SIGN) * _HALF + low + _SIGN)


def keys_of(searcher: tantivy.Searcher, addresses: Sequence[tantivy.DocAddress]) -> tuple[UUID, ...]:
    """Return the keys of the documents at `addresses`, in their order."""
    highs, lows = (searcher.fast_field_values(half, list(addresses)) for half in ("key_high", "key_low"))
    return tuple(key_from(int(high or 0), int(low or 0)) for high, low in zip(highs, lows, strict=True))
