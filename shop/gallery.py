"""The pictures of products, in the memory of this process while nothing of the catalogue changes (`cryptons.freshness`).

Most of what an order changes is stock; then lists are made anew, and would else read all their pictures again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage

from cryptons.kept import Memory
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


_remembered: Memory[UUID, tuple[Picture, ...]] = Memory(
    _MOST, longest=LONGEST, size=lambda pictures: _SIZE * len(pictures)
)


def pictures_of(product_ids: Collection[UUID]) -> dict[UUID, tuple[Picture, ...]]:
    """Return each product's pictures in their order: one query for all that are not remembered."""
    return _remembered.ask(product_ids, _read)


def absolute(address: str) -> str:
    """Return an address as other sites need it; pictures may lie on a server of their own and have a whole one already."""
    if address.startswith("/") and not address.startswith("//"):
        return f"{settings.SITE_URL}{address}"
    return urljoin(f"{settings.SITE_URL}/", address)


def _read(product_ids: list[UUID]) -> dict[UUID, tuple[Picture, ...]]:
    rows = ProductImage.objects.filter(product_id__in=product_ids).order_by("position", "id")
    found: dict[UUID, list[Picture]] = {key: [] for key in product_ids}
    for product_id, *columns in rows.values_list("product_id", "thumbnail", "image", "alt", "width", "height"):
        found[product_id].append(_picture(*columns))
    return {key: tuple(pictures) for key, pictures in found.items()}


def _picture(small: str, large: str, alt: str, width: int, height: int) -> Picture:
    path = _path(large)
    return Picture(_path(small), path, absolute(path), alt, width, height)


@lru_cache(maxsize=20_000)
def _path(name: str) -> str:
    """Return the address of a stored picture, whose name never means another one."""
    return str(default_storage.url(name))
