"""The pictures of products, in the memory of this process while nothing of the catalogue changes (`cryptons.freshness`).

Most of what an order changes is stock; then lists are made anew, and would else read all their pictures again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage

from cryptons import clock, freshness
from cryptons.freshness import Making, State
from cryptons.kept import Shelf
from shop.models import ProductImage

LONGEST = 60
"""Seconds that they are believed at most, whatever happens: somebody may write to the database past this program."""
_MOST = 16_000_000
_SIZE = 800
"""About how many bytes a picture takes."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a product: where it lies in its `large` rendition (`width` by `height` pixels) and its `small` square one.

    `address` is the large one's as other sites need it. All are empty where a product has no picture.
    """

    small: str = ""
    large: str = ""
    address: str = ""
    alt: str = ""
    width: int = 0
    height: int = 0


@cache
def gallery() -> Shelf[tuple[Picture, ...]]:
    """Return what this process remembers: the pictures of some four thousand products."""
    return Shelf(_MOST)


def pictures_of(product_ids: Collection[UUID]) -> dict[UUID, tuple[Picture, ...]]:
    """Return each product's pictures in their order: one query for all that are not remembered."""
    marks = freshness.lasting_state()
    now = clock.now().timestamp()
    known = {key: entry.thing for key in product_ids if marks and (entry := gallery().get(key.hex, marks, now))}
    unknown = [key for key in product_ids if key not in known]
    return known | _read(unknown, marks, now) if unknown else known


def absolute(address: str) -> str:
    """Return an address as other sites need it; pictures may lie on a server of their own and have a whole one already."""
    if address.startswith("/") and not address.startswith("//"):
        return f"{settings.SITE_URL}{address}"
    return urljoin(f"{settings.SITE_URL}/", address)


def _read(product_ids: list[UUID], marks: State, now: float) -> dict[UUID, tuple[Picture, ...]]:
    rows = ProductImage.objects.filter(product_id__in=product_ids).order_by("position", "id")
    found: dict[UUID, list[Picture]] = {key: [] for key in product_ids}
    for product_id, *columns in rows.values_list("product_id", "thumbnail", "image", "alt", "width", "height"):
        found[product_id].append(_picture(*columns))
    read = {key: tuple(pictures) for key, pictures in found.items()}
    if marks:
        seen = Making(marks, now).seen(LONGEST)
        for key, pictures in read.items():
            gallery().put(key.hex, pictures, seen, _SIZE * len(pictures))
    return read


def _picture(small: str, large: str, alt: str, width: int, height: int) -> Picture:
    path = _path(large)
    return Picture(_path(small), path, absolute(path), alt, width, height)


@lru_cache(maxsize=20_000)
def _path(name: str) -> str:
    """Return the address of a stored picture, whose name never means another one."""
    return str(default_storage.url(name))
