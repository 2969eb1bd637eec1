"""What the shop reads: lists take only the columns they show, and never ask once per product."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse

from cryptons import freshness
from cryptons.errors import NotFound
from shop.coinprice import Reckoner, reckoner
from shop.filters import Filters
from shop.models import Product, ProductImage
from shop.ratings import Ratings
from shop.stock import StockState, stock_state
from shop.tree import Node
from shop.version import reviews_of, stock_words_of

CARD = ("id", "name", "slug", "summary", "price", "stock", "rating", "rating_count")
"""The columns that `cards` needs."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Where a thumbnail lies, and its description. `url` is empty where a product has no picture."""

    url: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A product as a list shows it. `satoshi` is about its price, None while no rate is known."""

    id: UUID
    name: str
    url: str
    summary: str
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
    rows = Product.objects.filter(is_visible=True, category_id=product.category_id).exclude(pk=product.pk)
    found = list(rows.order_by("-created_at", "id").values(*CARD)[: limit * 3])
    found.sort(key=lambda row: row["stock"] == 0)
    return cards(found[:limit])


def get_product(*, slug: str) -> Product:
    """Return the visible product with its pictures read, in two queries. Raises NotFound."""
    product = Product.objects.filter(slug=slug, is_visible=True).prefetch_related("images").first()
    if product is None:
        raise NotFound("There is no such product in the shop.")
    freshness.made_of(stock_words_of(product.pk), reviews_of(product.pk))
    return product


def thumbnails(product_ids: Sequence[UUID]) -> dict[UUID, Picture]:
    """Return the first picture of each product, in one query."""
    rows = ProductImage.objects.filter(product_id__in=product_ids).order_by("position", "id")
    first: dict[UUID, Picture] = {}
    for product_id, name, alt in rows.values_list("product_id", "thumbnail", "alt"):
        if product_id not in first:
            first[product_id] = Picture(picture_path(name), alt)
    return first


@lru_cache(maxsize=10_000)
def product_path(slug: str) -> str:
    """Return the address of a product's page; a list would else look the pattern up once a product."""
    return reverse("shop:product", args=[slug])


@lru_cache(maxsize=20_000)
def picture_path(name: str) -> str:
    """Return the address of a stored picture, whose name never means another one."""
    return str(default_storage.url(name))


def cards(rows: Iterable[dict[str, Any]]) -> list[Card]:
    """Return rows of the columns a card needs as cards, with one more query for all their pictures."""
    found = list(rows)
    pictures, reckon = thumbnails([row["id"] for row in found]), reckoner(settings.CURRENCY)
    return [_card(row, pictures, reckon) for row in found]


def _card(row: dict[str, Any], pictures: dict[UUID, Picture], reckon: Reckoner | None) -> Card:
    key, price, stock = row["id"], row["price"], row["stock"]
    freshness.made_of(stock_words_of(key))
    return Card(
        id=key,
        name=str(row["name"]),
        url=product_path(row["slug"]),
        summary=str(row["summary"]),
        price=price,
        stock=stock_state(stock),
        picture=pictures.get(key, Picture()),
        satoshi=reckon(price).satoshi if reckon else None,
        ratings=Ratings(average=row["rating"], count=row["rating_count"]),
    )


def matching(*, filters: Filters, category: Node | None = None) -> "QuerySet[Product, Product]":
    """Return the visible products that `filters` ask for, in `category` and below it; in no order."""
    rows = Product.objects.filter(is_visible=True).order_by()
    if category is not None:
        rows = rows.filter(category_id__in=category.ids())
    for word in filters.words.split():
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(sku__icontains=word)
            | Q(summary__icontains=word)
            | Q(description__icontains=word)
        )
    if filters.low is not None:
        rows = rows.filter(price__gte=filters.low)
    if filters.high is not None:
        rows = rows.filter(price__lte=filters.high)
    if filters.rating is not None:
        rows = rows.filter(rating__gte=filters.rating)
    if filters.in_stock:
        rows = rows.filter(stock__gt=0)
    return rows


def arranged(rows: "QuerySet[Product, Product]", *, filters: Filters) -> "QuerySet[Product, Product]":
    """Return `rows` in the order that `filters` ask for."""
    if "match" in filters.columns:
        rows = rows.annotate(match=_closeness(filters.words))
    if not filters.words:
        # Django writes `is_visible=True` as the bare column, for which SQLite uses no index; with a list it reads only the first rows
        # of one. What is searched is read as a whole in any case.
        rows = rows.filter(is_visible__in=[True])
    return rows.order_by(*filters.columns)


def suggestions(*, words: str, limit: int) -> list[dict[str, Any]]:
    """Return `id`, `name` and `slug` of visible products whose name has all the words, the best match first, in one query."""
    rows = Product.objects.filter(is_visible=True)
    for word in words.split():
        rows = rows.filter(name__icontains=word)
    found = rows.annotate(match=_closeness(words)).order_by("match", "name", "id")
    return [dict(row) for row in found.values("id", "name", "slug")[:limit]]


def _closeness(words: str) -> Case:
    """Return how near a row is to the words: a name that begins with them, one that has them, anything else."""
    begins, has = When(name__istartswith=words, then=Value(0)), When(name__icontains=words, then=Value(1))
    return Case(begins, has, default=Value(2), output_field=IntegerField())
