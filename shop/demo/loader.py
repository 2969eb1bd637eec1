"""Puts the demo catalogue into the shop. May be stopped anywhere and run again: it makes what is missing and changes nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from io import BytesIO

from django.utils.text import slugify

from cryptons import clock
from shop.demo import reading
from shop.demo.art.scene import VIEWS, picture
from shop.demo.reading import DemoProduct
from shop.models import Category, Product, ProductImage
from shop.services import add_image

PICTURE_SIZE = 900
ALTS = {"front": "{name}", "detail": "{name}, from close by", "context": "{name}, where it is used"}
SOLD_OUT_SINCE = timedelta(days=60)
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class LoadReport:
    """How many rows this run made."""

    categories: int
    products: int
    pictures: int


def load(
    *, size: int = PICTURE_SIZE, views: Sequence[str] = VIEWS, progress: Progress = lambda done, total, name: None
) -> LoadReport:
    """Make the categories, products and pictures that are not there yet.

    `size` is the side of a picture in pixels, `views` which pictures a product gets; `progress` is told
    (products done, products in all, name) before each product. A product that exists, by SKU, is left as it is.
    """
    catalogue = reading.products()
    tree, new_categories = _plant_tree()
    new_products = new_pictures = 0
    for done, item in enumerate(catalogue):
        progress(done, len(catalogue), item.name)
        product, made = Product.objects.get_or_create(sku=item.sku, defaults=_fields(item, tree))
        new_products += made
        new_pictures += _draw_missing(product, item, views, size)
    progress(len(catalogue), len(catalogue), "")
    return LoadReport(new_categories, new_products, new_pictures)


def _plant_tree() -> tuple[dict[str, Category], int]:
    tree: dict[str, Category] = {}
    new = 0
    for position, item in enumerate(reading.categories()):
        fields = {
            "name": item.name,
            "description": item.description,
            "position": position,
            "parent": tree.get(item.parent),
        }
        tree[item.slug], made = Category.objects.get_or_create(slug=item.slug, defaults=fields)
        new += made
    return tree, new


def _fields(item: DemoProduct, tree: dict[str, Category]) -> dict[str, object]:
    # Spread over the last weeks in an order of no meaning, so that the newest come from all departments.
    age = timedelta(minutes=int.from_bytes(sha256(item.sku.encode()).digest()[:2], "big"))
    if not item.stock:
        age += SOLD_OUT_SINCE  # what is new can be bought
    return {
        "category": tree[item.category],
        "name": item.name,
        "slug": slugify(item.name),
        "summary": item.summary,
        "description": item.description,
        "price": item.price,
        "stock": item.stock,
        "created_at": clock.now() - age,
    }


def _draw_missing(product: Product, item: DemoProduct, views: Sequence[str], size: int) -> int:
    there = set(ProductImage.objects.filter(product=product).values_list("position", flat=True))
    missing = [(position, view) for position, view in enumerate(views) if position not in there]
    for position, view in missing:
        image = picture(kind=item.kind, view=view, look=item.look, backdrop=item.backdrop, seed=item.sku, size=size)
        raw = BytesIO()
        image.save(raw, "BMP")  # uncompressed: the shop makes its own renditions of it
        raw.seek(0)
        add_image(product=product, file=raw, alt=ALTS[view].format(name=item.name), position=position)
    return len(missing)
