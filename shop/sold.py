"""What an order takes over of products: their names and prices, remembered by each process as long as nothing of the catalogue changes.

Whoever changes a product tells of it (`shop.version`), so that from then on no process uses what it remembers. That a product may be
bought at all, that there is enough of it, and that it costs this, is not believed: taking the stock asks the database
(`shop.services.take_stock`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from uuid import UUID

from cryptons import clock, freshness
from cryptons.freshness import Making
from cryptons.kept import Shelf
from shop.models import Product

LONGEST = 60
"""Seconds that a price is believed at most, whatever happens: somebody may write to the database past this program."""
_MOST = 2_000_000
_SIZE = 300
_ROWS = Product.objects.filter(is_visible=True).order_by().values_list("pk", "name", "sku", "price")


@dataclass(frozen=True, slots=True)
class Sold:
    """What an order takes over from a product."""

    name: str
    sku: str
    price: Decimal


@cache
def remembered() -> Shelf[Sold]:
    """Return what this process remembers: some fifteen hundred products."""
    return Shelf(_MOST)


def sold(product_ids: Collection[UUID], *, anew: bool = False) -> dict[UUID, Sold]:
    """Return what an order takes over of those of the products that are sold. Within a transaction, or `anew`, all of it is read."""
    state, now, shelf = freshness.lasting_state(), clock.now().timestamp(), remembered()
    found: dict[UUID, Sold] = {}
    for key in product_ids if state and not anew else ():
        entry = shelf.get(key.hex, state, now)
        if entry is not None:
            found[key] = entry.thing
    unknown = [key for key in product_ids if key not in found]
    if unknown:
        seen = Making(state, now).seen(LONGEST)
        for key, name, sku, price in _ROWS.filter(pk__in=unknown):
            found[key] = Sold(name, sku, price)
            if state:
                shelf.put(key.hex, found[key], seen, _SIZE)
    return found
