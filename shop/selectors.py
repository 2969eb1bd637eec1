"""What the shop reads: lists take only the columns they show, and never ask once per product."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from cryptons import freshness
from cryptons.errors import NotFound
from shop.addresses import product_path
from shop.coinprice import Reckoner, reckoner
from shop.filters import Filters
from shop.gallery import Picture, pictures_of
from shop.models import Product
from shop.ratings import Ratings
from shop.search.text import containing
from shop.search.words import fold
from shop.stock import StockState, stock_state
from shop.tree import Node
from shop.version import reviews_of, stock_words_of

CARD = ("id", "name", "slug", "price", "stock", "rating", "rating_count")
"""The columns that `cards` needs."""
INDEXED = (True,)
"""Django writes `is_visible=True` as the bare column, for which SQLite uses no index; asked for as one of a list it does."""


@dataclass(frozen=True, slots=True)
class Card:
    """A product as a list shows it. `satoshi` is about its price, None while no rate is known."""

    id: UUID
    name: str
    url: str
    price: Decimal
    stock: StockState
    picture: Picture
    satoshi: int | None
    ratings: Ratings


def newest_products(*, limit: int) -> list[Card]:
    """Return the newest visible products that can be bought."""
    rows = Product.objects.filter(is_visible__in=[True], stock__gt=0).order_by("-created_at", "id").values(*CARD)
    return cards(rows[:limit])


def related_products(*, product: Product, limit: int) -> list[Card]:
    """Return other visible products of the same category, those in stock first."""
    rows = Product.objects.filter(is_visible=True, category_id=product.category_id).order_by("-created_at", "id")
    found = [row for row in rows.values(*CARD)[: limit * 3 + 1] if row["id"] != product.pk][: limit * 3]
    found.sort(key=lambda row: row["stock"] == 0)
    return cards(found[:limit])


def get_product(*, slug: str) -> Product:
    """Return the visible product. Raises NotFound."""
    unknown = NotFound("There is no such product in the shop.")
    try:
        product = Product.objects.get(slug=slug)
    except Product.DoesNotExist as error:
        raise unknown from error
    if not product.is_visible:
        raise unknown
    freshness.made_of(stock_words_of(product.pk), reviews_of(product.pk))
    return product


def cards(rows: Iterable[dict[str, Any]]) -> list[Card]:
    """Return rows of the columns a card needs as cards, with one more query for all pictures that are not remembered."""
    found = list(rows)
    pictures, reckon = pictures_of([row["id"] for row in found]), reckoner(settings.CURRENCY)
    return [_card(row, pictures[row["id"]], reckon) for row in found]


def _card(row: dict[str, Any], pictures: tuple[Picture, ...], reckon: Reckoner | None) -> Card:
    key, price, stock = row["id"], row["price"], row["stock"]
    freshness.made_of(stock_words_of(key))
    return Card(
        id=key,
        name=str(row["name"]),
        url=product_path(row["slug"]),
        price=price,
        stock=stock_state(stock),
        picture=pictures[0] if pictures else Picture(),
        satoshi=reckon(price).satoshi if reckon else None,
        ratings=Ratings(average=row["rating"], count=row["rating_count"]),
    )


def matching(
    *, filters: Filters, category: Node | None = None, few: Collection[UUID] | None = None
) -> "QuerySet[Product, Product]":
    """Return the visible products that `filters` ask for, in `category` and below it; in no order.

    Words are looked for in names and SKUs, unless the `few` that have them are known.
    """
    rows = Product.objects.filter(is_visible=True).order_by()
    if category is not None:
        rows = rows.filter(category_id__in=category.ids())
    if few is not None:
        rows = rows.filter(pk__in=few)
    elif filters.words:
        rows = containing(rows.filter(is_visible__in=INDEXED), filters.words)
    if filters.low is not None:
        rows = rows.filter(price__gte=filters.low)
    if filters.high is not None:
        rows = rows.filter(price__lte=filters.high)
    if filters.rating is not None:
        rows = rows.filter(rating__gte=filters.rating)
    if filters.in_stock:
        # Nearly all of them: not as a range, along which SQLite would read every row.
        rows = rows.exclude(stock=0)
    return rows


def arranged(rows: "QuerySet[Product, Product]", *, filters: Filters) -> "QuerySet[Product, Product]":
    """Return `rows` in the order that `filters` ask for."""
    if not filters.words:
        return rows.filter(is_visible__in=INDEXED).order_by(*filters.columns)
    return _measured(rows, filters.words).order_by(*filters.columns)


def suggested(*, words: str, limit: int) -> list[UUID]:
    """Return the keys of visible products whose name and SKU have all the words, the best match first, then by name.

    One kind of match is looked for after the other, along the index of names: nothing is sorted.
    """
    rows = containing(Product.objects.filter(is_visible__in=INDEXED), words).order_by("search_text", "id")
    begins, has = _matches(fold(words))
    keys: list[UUID] = []
    for kind in (begins, has & ~begins, ~has & ~begins):
        if len(keys) < limit:
            keys += rows.filter(kind).values_list("pk", flat=True)[: limit - len(keys)]
    return keys


def _measured(rows: "QuerySet[Product, Product]", words: str) -> "QuerySet[Product, Product]":
    """Let `match` say how near a row is to the words: a name that begins with them, one with a word that does, anything else."""
    begins, has = _matches(fold(words))
    measure = Case(When(begins, then=Value(0)), When(has, then=Value(1)), default=Value(2), output_field=IntegerField())
    return rows.annotate(match=measure)


def _matches(plain: str) -> tuple[Q, Q]:
    """Return when a name begins with the folded words, and when one of its words does."""
    return Q(search_text__startswith=plain), Q(search_text__contains=f" {plain}")
