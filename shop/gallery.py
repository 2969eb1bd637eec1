"""The addresses of products' pictures, in the memory of this process while nothing of the catalogue changes (`cryptons.freshness`).

Most of what an order changes is stock; then lists are made anew, and would else read all their pictures again.
"""

from collections.abc import Collection
from functools import cache
from uuid import UUID

from django.db import connection

from cryptons import clock, freshness
from cryptons.freshness import Making, State
from cryptons.kept import Shelf
from shop.linked_data import absolute
from shop.models import ProductImage
from shop.selectors import picture_path

LONGEST = 60
"""Seconds that they are believed at most, whatever happens: somebody may write to the database past this program."""
_MOST = 8_000_000
_SIZE = 200
"""About how many bytes an address takes."""


@cache
def gallery() -> Shelf[tuple[str, ...]]:
    """Return what this process remembers: the pictures of some seven thousand products."""
    return Shelf(_MOST)


def pictures_of(product_ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Return the whole addresses of each product's pictures in their order: one query for all that are not remembered."""
    # What a running transaction has written is not told yet, and it may not see what was told since it began.
    marks = None if connection.in_atomic_block else freshness.state()
    now = clock.now().timestamp()
    known = {key: entry.thing for key in product_ids if marks and (entry := gallery().get(key.hex, marks, now))}
    unknown = [key for key in product_ids if key not in known]
    return known | _read(unknown, marks, now) if unknown else known


def _read(product_ids: list[UUID], marks: State | None, now: float) -> dict[UUID, tuple[str, ...]]:
    rows = ProductImage.objects.filter(product_id__in=product_ids).order_by("position", "id")
    found: dict[UUID, list[str]] = {key: [] for key in product_ids}
    for product_id, name in rows.values_list("product_id", "image"):
        found[product_id].append(absolute(picture_path(name)))
    read = {key: tuple(addresses) for key, addresses in found.items()}
    if marks:
        seen = Making(marks, now).seen(LONGEST)
        for key, addresses in read.items():
            gallery().put(key.hex, addresses, seen, _SIZE * len(addresses))
    return read
