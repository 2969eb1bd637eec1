"""How a product is rated. Whoever keeps the reviews says what changed; the shop only knows the sums.

Each change is a guarded update that repeats the sums it was reckoned from, so that of any number of changes at once none is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from cryptons import clock
from cryptons.db import guarded_update
from cryptons.errors import ServiceUnavailable
from shop.models import Product
from shop.search.outbox import products_changed
from shop.version import catalogue_changed

_TRIES = 50
_PLACES = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Ratings:
    """The average of a product's approved reviews, from 1 to 5 with two places (0 where there is none), and how many they are."""

    average: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class Sums:
    """What an average is made of: the sum of all stars, and how many reviews gave them."""

    total: int
    count: int

    @property
    def average(self) -> Decimal:
        """Return stars a review with two places, 0 where there is none."""
        return (Decimal(self.total) / self.count).quantize(_PLACES, ROUND_HALF_UP) if self.count else Decimal(0)


def ratings_of(product: Product) -> Ratings:
    """Return how `product`, a row with its ratings read, is rated. Costs no query."""
    return Ratings(average=product.rating, count=product.rating_count)


def change_rating(*, product_id: UUID, total_by: int, count_by: int) -> None:
    """Add stars and reviews to the product's sums, or take them away.

    Call it in the transaction that changes the review. A product deleted since is passed over. Raises ServiceUnavailable.
    """
    _keep(product_id, lambda old: Sums(old.total + total_by, old.count + count_by))


def set_rating(*, product_id: UUID, count: Callable[[], Sums]) -> bool:
    """Put what `count` finds in the place of the product's sums; return whether they were wrong.

    `count` reads the reviews, after the sums were read: were these changed meanwhile, it is asked anew. Raises ServiceUnavailable.
    """
    return _keep(product_id, lambda _old: count())


def _keep(product_id: UUID, change: Callable[[Sums], Sums]) -> bool:
    rows = Product.objects.filter(pk=product_id)
    for _ in range(_TRIES):
        read = rows.values_list("rating_total", "rating_count", "rating", "updated_at").first()
        if read is None:
            return False
        total, number, average, at = read
        new = change(Sums(total, number))
        if (new.total, new.count, new.average) == (total, number, average):
            return False
        as_read = rows.filter(rating_total=total, rating_count=number, updated_at=at)
        changed = {"rating_total": new.total, "rating_count": new.count, "rating": new.average}
        if guarded_update(as_read, **changed, updated_at=clock.now()):
            products_changed([product_id])
            catalogue_changed()
            return True
    raise ServiceUnavailable("Too many people rate this at once. Please try again in a moment.")
