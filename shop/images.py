"""Pictures: whatever is sent comes out as two clean WebP files."""

import io
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from cryptons.errors import InvalidInput
from shop.models import ProductImage

LARGE = 1200
SMALL = 480
"""Pixels: the longer side of the gallery's rendition, and the side of the square thumbnail."""

MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 50_000_000
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP")


class UploadedPicture(Protocol):
    """A file as uploaded, or any other that can be read."""

    def read(self, num_bytes: int, /) -> bytes:
        """Return at most so many bytes."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """A picture ready to be stored, and its size in pixels."""

    file: "ContentFile[bytes]"
    width: int
    height: int


def render_picture(file: UploadedPicture) -> tuple[Rendition, Rendition]:
    """Return the picture in `file` as a large and a small WebP, turned upright, without metadata.

    Raises InvalidInput when it is no picture Pillow reads, is cut short, or is too big to unpack safely.
    """
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise InvalidInput("The picture is larger than 15 MB. Save it smaller and try again.")
    upright = _decode(data)
    large = ImageOps.contain(upright, (LARGE, LARGE)) if max(upright.size) > LARGE else upright
    small = ImageOps.fit(upright, (SMALL, SMALL))
    return _encode(large), _encode(small)


def _decode(data: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise InvalidInput("The picture has more than 50 million pixels. Save it smaller and try again.")
            if max(opened.size) > LARGE * min(opened.size):
                raise InvalidInput("The picture is too long and thin to be shown. Cut it and try again.")
            turned = ImageOps.exif_transpose(opened)
            mode = "RGBA" if "A" in turned.getbands() or "transparency" in turned.info else "RGB"
            return turned.convert(mode)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise InvalidInput("This file is no picture the shop can read. Use JPEG, PNG or WebP.") from error


def _encode(picture: Image.Image) -> Rendition:
    out = io.BytesIO()
    # A copy of the pixels alone: what else the file carried (place, camera, comments) stays behind.
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    clean.save(out, "WEBP", quality=82, method=2)
    return Rendition(ContentFile(out.getvalue()), *picture.size)


def delete_files_after(instance: ProductImage, **_: Any) -> None:
    """Delete a picture's files once the deletion of its row is committed (receiver of `post_delete`)."""
    for stored in (instance.image, instance.thumbnail):
        if stored.name:
            transaction.on_commit(partial(stored.storage.delete, stored.name))
