"""Products as the API writes them, each kept by itself while nothing of it changes.

A sale changes how many there are of a product or two. So a list that is made anew after it asks for these numbers, writes these products,
and joins what is kept of all others.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from uuid import UUID

from cryptons import freshness
from cryptons.api.wire import Written, dumps
from cryptons.freshness import State
from cryptons.pieces import Pieces
from shop.api import shapes
from shop.offers import Named, Offer, get_offer, offers, restocked
from shop.search.finding import shown
from shop.version import stock_of

_MOST = 16_000_000
_OFFER = 1_500
"""About how many bytes an offer takes besides its texts."""


@cache
def kept_products() -> Pieces[bytes]:
    """Return what this process keeps of products as they are written: some eight thousand."""
    return Pieces(_MOST)


@cache
def kept_offers() -> Pieces[Offer]:
    """Return what this process keeps of products whatever their stock is: some four thousand."""
    return Pieces(_MOST)


def one_written(version: State, *, product_id: UUID | None, slug: str) -> Written:
    """Return the product with this key, or else this slug, that is shown in the shop, as new as `version` at least. Raises NotFound."""
    found = _known([product_id.hex], version) if product_id else {}
    return Written(*(found or write(version, lambda: [get_offer(product_id=product_id, slug=slug)])).values())


def all_written(keys: Iterable[str], version: State, known: Mapping[UUID, Named]) -> list[Written]:
    """Return those of the products with these keys (in hex) that are shown in the shop, in this order, as new as `version` at least.

    One query for those that were sold and one for those that are not kept, none where all are; `known` is as in `shop.offers.offers`.
    """
    found = _known(keys, version)
    missing = tuple(UUID(key) for key in keys if key not in found)
    if missing:
        found |= write(version, lambda: offers(shown(missing), known=known))
    return [Written(found[key]) for key in keys if key in found]


def write(version: State, read: Callable[[], Iterable[Offer]]) -> dict[str, bytes]:
    """Return what `read` finds as the API writes it, by key (in hex) and in its order; kept as what was read after `version`."""
    with freshness.making(version) as made:
        found = [(offer, dumps(shapes.product_data(offer))) for offer in read()]
    for offer, product in found:
        kept_products().keep(offer.id.hex, product, made, len(product), [stock_of(offer.id)])
        kept_offers().keep(offer.id.hex, offer, made, len(product) + _OFFER, [])
    return {offer.id.hex: product for offer, product in found}


def _known(keys: Iterable[str], version: State) -> dict[str, bytes]:
    """Return what is kept of these; what was sold since is asked for its stock alone."""
    found = kept_products().find(keys, version)
    sold = [key for key in keys if key not in found]
    return found | write(version, lambda: restocked(kept_offers().find(sold, version).values())) if sold else found
