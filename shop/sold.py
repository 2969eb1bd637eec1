"""What an order takes over of products: their names and prices, remembered by each process as long as nothing of the catalogue changes.

Whoever changes a product tells of it (`shop.version`), so that from then on no process uses what it remembers. That a product may be
bought at all, that there is enough of it, and that it costs this, is not believed: taking the stock asks the database
(`shop.services.take_stock`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from cryptons.kept import Memory
from shop.models import Product

LONGEST = 60
"""Seconds that a price is believed at most, whatever happens: somebody may write to the database past this program."""
_MOST = 2_000_000
"""Bytes, for some fifteen hundred products."""
_SIZE = 300
_ROWS = Product.objects.filter(is_visible=True).order_by().values_list("pk", "name", "sku", "price")


@dataclass(frozen=True, slots=True)
class Sold:
    """What an order takes over from a product."""

    name: str
    sku: str
    price: Decimal


_remembered: Memory[UUID, Sold] = Memory(_MOST, longest=LONGEST, size=lambda _: _SIZE)


def sold(product_ids: Collection[UUID], *, anew: bool = False) -> dict[UUID, Sold]:
    """Return what an order takes over of those of the products that are sold. Within a transaction, or `anew`, all of it is read."""
    return _remembered.ask(product_ids, _read, anew=anew)


def _read(product_ids: list[UUID]) -> dict[UUID, Sold]:
    return {row[0]: Sold(*row[1:]) for row in _ROWS.filter(pk__in=product_ids)}
