"""Products as the API writes them, each kept by itself while nothing of it changes.

A sale changes how many there are of a product or two. So a list that is made anew after it reads and writes these, and joins what is
kept of all others.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from uuid import UUID

from cryptons import freshness
from cryptons.api.wire import Written, dumps
from cryptons.freshness import State
from cryptons.pieces import Pieces
from shop.api import shapes
from shop.offers import Named, Offer, get_offer, offers, topics_of
from shop.search.finding import shown

_MOST = 16_000_000


@cache
def kept_products() -> Pieces[bytes]:
    """Return what this process keeps: some eight thousand products."""
    return Pieces(_MOST)


def one_written(version: State, *, product_id: UUID | None, slug: str) -> Written:
    """Return the product with this key, or else this slug, that is shown in the shop, as new as `version` at least. Raises NotFound."""
    kept = kept_products().find([product_id.hex], version) if product_id else {}
    found = kept or write(version, lambda: [get_offer(product_id=product_id, slug=slug)])
    return Written(*found.values())


def all_written(keys: Iterable[str], version: State, known: Mapping[UUID, Named]) -> list[Written]:
    """Return those of the products with these keys (in hex) that are shown in the shop, in this order, as new as `version` at least.

    One query for all that are not kept, none where all are; `known` is as in `shop.offers.offers`.
    """
    found = kept_products().find(keys, version)
    missing = tuple(UUID(key) for key in keys if key not in found)
    if missing:
        found |= write(version, lambda: offers(shown(missing), known=known))
    return [Written(found[key]) for key in keys if key in found]


def write(version: State, read: Callable[[], Iterable[Offer]]) -> dict[str, bytes]:
    """Return what `read` finds as the API writes it, by key (in hex) and in its order; kept as what was read after `version`."""
    with freshness.making(version) as made:
        found = {offer.id: dumps(shapes.product_data(offer)) for offer in read()}
    for key, product in found.items():
        kept_products().keep(key.hex, product, made, len(product), topics_of(key))
    return {key.hex: product for key, product in found.items()}
