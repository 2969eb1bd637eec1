"""What Elasticsearch keeps of a product. Texts come folded (`shop.search.words`), so its analyzer only splits them at the spaces.

The class is not in the registry that django-elasticsearch-dsl's signals and commands go through: nothing is to index products past the
outbox, or empty the index past `rebuild_search`.
"""

from functools import cache
from hashlib import blake2b
from json import dumps
from operator import index as whole
from typing import Any

from django_elasticsearch_dsl import Document as IndexDocument
from django_elasticsearch_dsl import fields
from django_elasticsearch_dsl.registries import DocumentRegistry
from elasticsearch.dsl import analyzer

from shop.models import Product
from shop.search.engine import Document
from shop.search.words import fold, joined, sku_words

FORM = 1
"""Raise it where the same text is folded into other words than before: what was indexed then is of no use."""

_SPLIT = analyzer("folded", tokenizer="whitespace")


def _text(**more: Any) -> Any:
    return fields.TextField(analyzer=_SPLIT, index_options="freqs", **more)


def _short_text() -> Any:
    # The beginnings of words are terms of their own: what is asked while somebody types has to be quick.
    return _text(index_prefixes={"min_chars": 1, "max_chars": 12})


@DocumentRegistry().register_document
class IndexedProduct(IndexDocument):
    """Fields of the index, each filled from the `shop.search.engine.Document` that `prepare` is given."""

    key = fields.KeywordField()
    name = _short_text()
    name_order = fields.KeywordField()
    sku = _short_text()
    sku_whole = fields.KeywordField()
    category = _short_text()
    description = _text()
    categories = fields.KeywordField()
    price = fields.LongField()
    rating = fields.IntegerField()
    rating_count = fields.IntegerField()
    in_stock = fields.BooleanField(attr="in_stock")
    created = fields.LongField()
    fingerprint = fields.KeywordField(attr="fingerprint", index=False)

    class Index:
        name = "products"
        settings = {
            "auto_expand_replicas": "0-1",
            # A page far down a long list is asked for by its place; Elasticsearch would stop at 10,000.
            "max_result_window": 1_000_000,
        }

    class Django:
        model = Product
        ignore_signals = True
        auto_refresh = False

    class Meta:
        dynamic = "strict"

    def prepare_key(self, document: Document) -> str:
        """Return the key, by which equals are sorted."""
        return str(document.id)

    def prepare_name(self, document: Document) -> str:
        """Return the name's words."""
        return fold(document.name)

    def prepare_name_order(self, document: Document) -> str:
        """Return the name as lists are sorted by it."""
        return fold(document.name)

    def prepare_sku(self, document: Document) -> str:
        """Return the SKU's parts."""
        return sku_words(document.sku)

    def prepare_sku_whole(self, document: Document) -> str:
        """Return the SKU in one word."""
        return joined(document.sku)

    def prepare_category(self, document: Document) -> str:
        """Return the words of the categories' names."""
        return fold(" ".join(document.category_names))

    def prepare_description(self, document: Document) -> str:
        """Return the description's words."""
        return fold(document.description)

    def prepare_categories(self, document: Document) -> list[str]:
        """Return the keys of the category and all above it."""
        return [str(key) for key in document.categories]

    def prepare_price(self, document: Document) -> int:
        """Return the price. Raises TypeError where it is no whole number, before anything is sent."""
        return whole(document.price)

    def prepare_rating(self, document: Document) -> int:
        """Return the rating."""
        return whole(document.rating)

    def prepare_rating_count(self, document: Document) -> int:
        """Return by how many it is rated."""
        return whole(document.rating_count)

    def prepare_created(self, document: Document) -> int:
        """Return when it came into the shop."""
        return whole(document.created)


_PREPARER = IndexedProduct()


def as_row(document: Document) -> dict[str, Any]:
    """Return the document as Elasticsearch takes it."""
    row: dict[str, Any] = _PREPARER.prepare(document)
    return row


def index_body() -> dict[str, Any]:
    """Return the settings and mappings that an index is made with."""
    body: dict[str, Any] = IndexedProduct._index.to_dict()  # noqa: SLF001 (the package's own name for it)
    return body


@cache
def schema() -> str:
    """Return a short text that differs where an index was made by a version of the store that this one cannot use."""
    return blake2b(dumps([FORM, index_body()], sort_keys=True).encode(), digest_size=4).hexdigest()
