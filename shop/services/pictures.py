"""The pictures of a product."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core.files.storage import default_storage

from cryptons.errors import InvalidInput
from shop.gallery import absolute
from shop.images import Rendition, UploadedPicture, render_picture
from shop.models import Product, ProductImage

MOST_PICTURES = 12
"""How many pictures a product may have."""

Wanted = str | UploadedPicture
"""A picture that is wanted: a file, or the address of one that the product has already."""
Prepared = str | tuple[Rendition, Rendition]


def add_image(*, product: Product, file: UploadedPicture, alt: str, position: int = 0) -> ProductImage:
    """Store a picture of the product: re-encoded, without metadata, in two sizes. Raises InvalidInput for what is no picture.

    Asks nobody's permission: the admin, whose page has asked, and loaders call it.
    """
    if not alt.strip():
        raise InvalidInput("Describe the picture for those who do not see it.", details=[{"field": "alt"}])
    return _store(product, render_picture(file), alt.strip(), position)


def prepare(pictures: Sequence[Wanted], *, known: Sequence[str]) -> list[Prepared]:
    """Return the pictures ready to be kept or stored; nothing is written yet. `known` are the addresses the product has.

    Raises InvalidInput naming each that is no picture, or an address that is none of these.
    """
    if len(pictures) > MOST_PICTURES:
        message = f"A product has at most {MOST_PICTURES} pictures."
        raise InvalidInput(message, details=[{"field": "images", "message": message}])
    prepared: list[Prepared] = []
    wrong = []
    for index, picture in enumerate(pictures):
        try:
            prepared.append(_prepare(picture, known))
        except InvalidInput as error:
            wrong.append({"field": f"images.{index}", "message": error.message})
    if wrong:
        raise InvalidInput("Some of the pictures cannot be taken.", details=wrong)
    return prepared


def addresses(product: Product) -> dict[str, ProductImage]:
    """Return the product's pictures by the addresses they are told with."""
    return {absolute(picture.image.url): picture for picture in product.images.all()}


def arrange(product: Product, pictures: Sequence[Prepared], new: list[ProductImage]) -> None:
    """Have exactly these pictures, in this order. What is stored is added to `new` as it happens."""
    there = addresses(product)
    for address, old in there.items():
        if address not in pictures:
            old.delete()
    for position, picture in enumerate(pictures):
        if isinstance(picture, str):
            ProductImage.objects.filter(pk=there[picture].pk).update(position=position)
        else:
            new.append(_store(product, picture, product.name, position))


@contextmanager
def files_undone() -> Iterator[list[ProductImage]]:
    """Delete the files of what is put into the list, where the block fails: a transaction takes back rows and no files."""
    new: list[ProductImage] = []
    try:
        yield new
    except BaseException:
        for picture in new:
            for stored in (picture.image, picture.thumbnail):
                default_storage.delete(str(stored.name))
        raise


def _prepare(picture: Wanted, known: Sequence[str]) -> Prepared:
    if not isinstance(picture, str):
        return render_picture(picture)
    if picture not in known:
        raise InvalidInput("This is the address of no picture of the product. Send new ones as files.")
    return picture


def _store(product: Product, renditions: tuple[Rendition, Rendition], alt: str, position: int) -> ProductImage:
    large, small = renditions
    picture = ProductImage(product=product, alt=alt, position=position, width=large.width, height=large.height)
    picture.image.save(f"{picture.pk}.webp", large.file, save=False)
    picture.thumbnail.save(f"{picture.pk}-s.webp", small.file, save=False)
    picture.save()
    return picture
