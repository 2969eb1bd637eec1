"""Products as other programs are shown them: everything about each, for a whole list in two queries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from cryptons import freshness
from cryptons.errors import NotFound
from cryptons.money import to_btc
from shop.coinprice import Reckoner, reckoner
from shop.gallery import Picture, pictures_of
from shop.models import Category, Product
from shop.ratings import Ratings
from shop.version import stock_of

_COLUMNS = (
    "id",
    "name",
    "slug",
    "description",
    "price",
    "stock",
    "sku",
    "created_at",
    "updated_at",
    "rating",
    "rating_count",
    "category_id",
)
_JOINED = ("category__name", "category__slug")
_STOCK = Product.objects.order_by().values_list("id", "stock")


class Named(Protocol):
    """A category by name: a `shop.tree.Node`, or `CategoryName`."""

    @property
    def id(self) -> UUID:
        """Return its key."""

    @property
    def name(self) -> str:
        """Return its name."""

    @property
    def slug(self) -> str:
        """Return its slug."""


@dataclass(frozen=True, slots=True)
class CategoryName:
    """The category a product stands in."""

    id: UUID
    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A product for sale. `price` is in the store's currency, `bitcoin` about the same in BTC or None while no fresh rate is known.

    Its `stock` has a topic of its own (`shop.version.stock_of`); all the rest changes with the catalogue and the rates.
    """

    id: UUID
    name: str
    slug: str
    description: str
    price: Decimal
    bitcoin: Decimal | None
    category: Named
    stock: int
    images: tuple[str, ...]
    sku: str
    ratings: Ratings
    created_at: datetime
    updated_at: datetime


def offers(rows: "QuerySet[Product, Product]", *, known: Mapping[UUID, Named] | None = None) -> list[Offer]:
    """Return `rows` as offers in their order: one query for them and their categories, one for the pictures of all.

    A sorted part of a long list takes the `known` categories instead of a join: a database that begins the join with them sorts all
    products where it could read the first by their index. Those that are missing from them cost one query more.
    """
    found = list(rows.values(*_COLUMNS, *(_JOINED if known is None else ())))
    freshness.made_of(*(stock_of(row["id"]) for row in found))
    pictures = pictures_of([row["id"] for row in found])
    categories = _joined(found) if known is None else _categories({row["category_id"] for row in found}, known)
    reckon = reckoner(settings.CURRENCY)
    return [_offer(row, categories[row["category_id"]], pictures[row["id"]], reckon) for row in found]


def restocked(known: Collection[Offer]) -> list[Offer]:
    """Return offers that are `known` but for their stock with the one of now; one query of two columns, none where nothing is known."""
    keys = [offer.id for offer in known]
    freshness.made_of(*map(stock_of, keys))
    now = dict(_STOCK.filter(pk__in=keys)) if keys else {}
    return [replace(offer, stock=now[offer.id]) for offer in known if offer.id in now]


def offers_by_id(product_ids: Sequence[UUID]) -> dict[UUID, Offer]:
    """Return the products with these keys, also those not sold any more, in two queries."""
    rows = Product.objects.filter(pk__in=product_ids).order_by()
    return {offer.id: offer for offer in offers(rows)} if product_ids else {}


def get_offer(*, product_id: UUID | None = None, slug: str = "") -> Offer:
    """Return the product with this key, or else this slug, that is shown in the shop. Raises NotFound."""
    wanted: dict[str, Any] = {"pk": product_id} if product_id else {"slug": slug}
    found = offers(Product.objects.filter(is_visible=True, **wanted).order_by())
    if not found:
        raise NotFound("There is no such product.")
    return found[0]


def _joined(rows: Sequence[dict[str, Any]]) -> Mapping[UUID, Named]:
    return {row["category_id"]: CategoryName(*(row[name] for name in ("category_id", *_JOINED))) for row in rows}


def _categories(keys: set[UUID], known: Mapping[UUID, Named]) -> Mapping[UUID, Named]:
    if keys <= known.keys():
        return known
    rows = Category.objects.filter(pk__in=keys).order_by().values_list("id", "name", "slug")
    return {row[0]: CategoryName(*row) for row in rows}


def _offer(row: dict[str, Any], category: Named, pictures: tuple[Picture, ...], reckon: Reckoner | None) -> Offer:
    return Offer(
        id=row["id"],
        name=row["name"],
        slug=row["slug"],
        description=row["description"],
        price=row["price"],
        bitcoin=to_btc(reckon(row["price"]).satoshi) if reckon else None,
        category=category,
        stock=row["stock"],
        images=tuple(picture.address for picture in pictures),
        sku=row["sku"],
        ratings=Ratings(row["rating"], row["rating_count"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
