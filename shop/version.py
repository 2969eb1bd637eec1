"""What changes when in the catalogue, in the topics of `cryptons.freshness`.

Most of it is one topic. Stock has its own, product by product, because each order changes some: an order must not make every page of
the shop be made anew. How stock is *said* ("In stock", "3 left", "Sold out") is another: it seldom changes while there is much.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from cryptons import freshness
from cryptons.freshness import State
from shop.stock import stock_state


def catalogue_version() -> State:
    """Return the version of the catalogue; costs no query. Read it before what it stands for."""
    return freshness.state()


def catalogue_changed() -> None:
    """Tell everybody, once the running transaction is committed, that what the shop shows has changed."""
    freshness.changed(freshness.CATALOGUE)


def catalogue_changed_after(**_: Any) -> None:
    """Tell it after a row was written (receiver of `post_save` and `post_delete`)."""
    catalogue_changed()


def stock_changed(now: Mapping[UUID, int], before: Mapping[UUID, int], besides: Collection[UUID] = ()) -> None:
    """Tell that the stock of products has changed; both say how many pieces there are. Of those `besides` plenty were and are there."""
    topics = {stock_of(key) for key in (*now, *besides)}
    topics |= {stock_words_of(key) for key in now if stock_state(now[key]) != stock_state(before[key])}
    if any((now[key] > 0) != (before[key] > 0) for key in now):
        topics.add(freshness.CATALOGUE)  # what can be bought is listed, counted and sorted otherwise
    freshness.changed(*topics)


def stock_of(product_id: UUID) -> int:
    """Return the topic of a product's exact stock."""
    return freshness.busy_topic("stock", product_id)


def stock_words_of(product_id: UUID) -> int:
    """Return the topic of how a product's stock is said."""
    return freshness.topic("stock words", product_id)


def reviews_of(product_id: UUID) -> int:
    """Return the topic of what people say of a product."""
    return freshness.topic("reviews", product_id)
