import io

import pytest
from django.core.files.base import ContentFile
from django.test import TestCase
from PIL import Image

from cryptons.errors import InvalidInput
from shop import images
from shop.models import ProductImage
from shop.services import add_image
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture(size=(2000, 1000), form="JPEG", mode="RGB", **extra) -> ContentFile:
    out = io.BytesIO()
    Image.new(mode, size, "teal").save(out, form, **extra)
    return ContentFile(out.getvalue())


def stored(field) -> Image.Image:
    with Image.open(field.path) as opened:
        opened.load()
        return opened


def test_it_makes_a_large_and_a_small_rendition():
    made = add_image(product=ProductFactory(), file=picture(), alt="A lamp")
    assert (made.width, made.height) == (1200, 600)
    assert (stored(made.image).format, stored(made.image).size) == ("WEBP", (1200, 600))
    assert (stored(made.thumbnail).format, stored(made.thumbnail).size) == ("WEBP", (480, 480))


def test_it_enlarges_nothing():
    made = add_image(product=ProductFactory(), file=picture((300, 200)), alt="A lamp")
    assert (made.width, made.height) == (300, 200)


def test_metadata_stay_behind_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010F] = "A camera that tells"
    made = add_image(product=ProductFactory(), file=picture((800, 400), exif=exif), alt="A lamp")
    assert stored(made.image).size == (400, 800)
    assert b"A camera that tells" not in made.image.read()
    assert not stored(made.image).getexif()


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("GIF", "P"), ("WEBP", "RGB"), ("PNG", "1")]
)
def test_it_takes_the_usual_kinds(form, mode):
    out = io.BytesIO()
    Image.new(mode, (600, 600)).save(out, form)
    made = add_image(product=ProductFactory(), file=ContentFile(out.getvalue()), alt="A lamp")
    assert stored(made.image).size == (600, 600)


@pytest.mark.parametrize(
    "data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\0" * 50]
)
def test_it_refuses_what_is_no_picture_and_stores_nothing(data, own_media):
    with pytest.raises(InvalidInput):
        add_image(product=ProductFactory(), file=ContentFile(data), alt="A lamp")
    assert ProductImage.objects.count() == 0
    assert list(own_media.iterdir()) == []


def test_it_refuses_a_picture_cut_short():
    whole = picture((1500, 1500)).read()
    with pytest.raises(InvalidInput):
        add_image(product=ProductFactory(), file=ContentFile(whole[: len(whole) // 2]), alt="A lamp")


def test_it_refuses_too_many_bytes_and_too_many_pixels(monkeypatch):
    monkeypatch.setattr(images, "MOST_PIXELS", 100)
    with pytest.raises(InvalidInput, match="pixels"):
        add_image(product=ProductFactory(), file=picture((20, 20)), alt="A lamp")
    monkeypatch.setattr(images, "MOST_BYTES", 100)
    with pytest.raises(InvalidInput, match="MB"):
        add_image(product=ProductFactory(), file=picture(), alt="A lamp")


@pytest.mark.parametrize("size", [(1, 2000), (2000, 1)])
def test_it_refuses_a_picture_of_which_nothing_would_be_left(size):
    with pytest.raises(InvalidInput, match="too long and thin"):
        add_image(product=ProductFactory(), file=picture(size, "PNG"), alt="A thread")


def test_it_refuses_a_picture_that_nobody_described():
    with pytest.raises(InvalidInput):
        add_image(product=ProductFactory(), file=picture(), alt="  ")
    assert ProductImage.objects.count() == 0


def test_with_its_row_a_picture_loses_its_files(own_media):
    made = add_image(product=ProductFactory(), file=picture(), alt="A lamp")
    with TestCase.captureOnCommitCallbacks(execute=True):
        made.product.delete()
    assert [path for path in own_media.rglob("*") if path.is_file()] == []
