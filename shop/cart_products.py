"""Products as carts show them, in the memory of this process while nothing of them changes (`cryptons.freshness`).

Most of what an order changes is the stock of things of which there is plenty. To a cart that wants a few of them that is nothing, and
it goes on with what is remembered; how many are left of what is nearly gone is always known exactly.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from cryptons.kept import Memory
from shop.addresses import product_path
from shop.gallery import Picture, pictures_of
from shop.models import Product
from shop.stock import FEW
from shop.version import stock_of, stock_words_of

LONGEST = 10
"""Seconds that they are believed at most, whatever happens: somebody may write to the database past this program."""
COUNTED = 100
"""Up to so many pieces in the shop their number is known exactly; of more it is known that they are more than FEW."""
_MOST = 8_000_000
"""Bytes, for some three thousand products."""
_SIZE = 1_500


@dataclass(frozen=True, slots=True)
class CartProduct:
    """A product as the cart shows it. `stock` is 0 for one that is not sold any more."""

    id: UUID
    name: str
    slug: str
    sku: str
    price: Decimal
    stock: int
    is_visible: bool
    picture: Picture

    @property
    def url(self) -> str:
        """Return the product's page."""
        return product_path(self.slug)


def products_of(wanted: Mapping[UUID, int]) -> dict[UUID, CartProduct]:
    """Return the products of which so many pieces are `wanted`, and that there are: one query for all that are not remembered.

    Where a product's stock is said to be less than is wanted of it, that is so.
    """
    return _remembered.ask(wanted, _read, will_do=lambda key, product: wanted[key] <= FEW or product.stock <= COUNTED)


def read_products(product_ids: Collection[UUID]) -> dict[UUID, CartProduct]:
    """Return the products as they are in the database now."""
    return _remembered.ask(product_ids, _read, anew=True)


def _read(keys: list[UUID]) -> dict[UUID, CartProduct]:
    rows = Product.objects.filter(pk__in=keys).order_by()
    pictures = pictures_of(keys)
    found = rows.values_list("id", "name", "slug", "sku", "price", "stock", "is_visible")
    return {row[0]: CartProduct(*row, picture=next(iter(pictures[row[0]]), Picture())) for row in found}


def _topics(key: UUID, product: CartProduct) -> tuple[int]:
    return (stock_of(key) if product.stock <= COUNTED else stock_words_of(key),)


_remembered: Memory[UUID, CartProduct] = Memory(_MOST, longest=LONGEST, size=lambda _: _SIZE, topics=_topics)
