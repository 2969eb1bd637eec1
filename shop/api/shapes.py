"""What the catalogue and the cart take and answer."""

import base64
import binascii
import io
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cryptons.api.fields import Choice, Fiat, Flag, Identifier, Moment, Number, Query, Shape, Text, Whole, told
from cryptons.api.paging import PageMetaShape, PageQuery
from shop.api import examples
from shop.filters import MAX_WORDS
from shop.services import LARGEST_PRICE

SORTS = {
    "price": "price",
    "-price": "-price",
    "name": "name",
    "rating": "rating",
    "-createdAt": "newest",
    "relevance": "relevance",
}
"""The contract's sorts, and what `shop.filters` calls them."""

MOST_PIECES = 10_000
LARGEST_STOCK = 1_000_000_000


class CategoryNameShape(Shape):
    """A category by name."""

    id = Text()
    name = Text()
    slug = Text()


class SuggestionShape(Shape):
    """A product by name."""

    example = {name: examples.PRODUCT[name] for name in ("id", "name", "slug")}

    id = Text()
    name = Text()
    slug = Text()


class RatingsShape(Shape):
    """The average of the approved reviews, 0 where there is none, and how many they are."""

    average = Number(max_digits=3, decimal_places=2)
    count = Whole()


class CoinPricesShape(Shape):
    """About what something costs in each coin; null where no fresh rate is known."""

    BTC = Number(max_digits=20, decimal_places=8, allow_null=True, source="bitcoin")
    LTC = serializers.SerializerMethodField()
    XRP = serializers.SerializerMethodField()

    @extend_schema_field({"type": "number", "nullable": True})
    def get_LTC(self, _offer: Any) -> None:  # noqa: N802 (DRF's name for the getter of LTC)
        """Return nothing: the store takes no litecoin."""
        return

    @extend_schema_field({"type": "number", "nullable": True})
    def get_XRP(self, _offer: Any) -> None:  # noqa: N802 (DRF's name for the getter of XRP)
        """Return nothing: the store takes no XRP."""
        return


class ProductShape(Shape):
    """A product (`shop.offers.Offer`)."""

    example = examples.PRODUCT

    id = Text()
    name = Text()
    slug = Text()
    description = Text()
    price = Fiat()
    currency = serializers.SerializerMethodField()
    price_in_crypto = CoinPricesShape(source="*")
    category = CategoryNameShape()
    stock = Whole()
    images = serializers.ListField(child=serializers.URLField())
    sku = Text()
    ratings = RatingsShape()
    created_at = Moment()
    updated_at = Moment()

    def get_currency(self, _offer: Any) -> str:
        """Return the currency that all prices are in."""
        return str(settings.CURRENCY)


class CategoryCountShape(CategoryNameShape):
    """How many of what matches are in a category and all below it."""

    count = Whole()


class BandShape(Shape):
    """How many cost from `min` to `max`, both included."""

    min = Fiat()
    max = Fiat()
    count = Whole()


class RatingCountShape(Shape):
    """How many are rated `min` or better."""

    min = Whole()
    count = Whole()


class FacetsShape(Shape):
    """How all that matches is divided."""

    categories = CategoryCountShape(many=True)
    prices = BandShape(many=True)
    ratings = RatingCountShape(many=True)
    in_stock = Whole()


class SourceShape(Shape):
    """What found the list: `degraded` where that is the database because the search engine is away; then spelling has to be exact."""

    engine = Text()
    degraded = Flag()


class ProductMetaShape(PageMetaShape):
    """Where in the list one is, and how all that matches is divided."""

    example = {"facets": examples.FACETS, "search": examples.SEARCH}

    facets = FacetsShape()
    search = SourceShape()


class ProductQuery(PageQuery):
    """What narrows and sorts the list of products."""

    search = Text(required=False, allow_blank=True, max_length=MAX_WORDS)
    category = Text(required=False, allow_blank=True, max_length=160)
    min_price = Fiat(required=False, max_value=LARGEST_PRICE)
    max_price = Fiat(required=False, max_value=LARGEST_PRICE)
    min_rating = Number(required=False, max_digits=3, decimal_places=2, min_value=Decimal(0), max_value=Decimal(5))
    in_stock = Flag(required=False)
    sort = Choice(required=False, choices=list(SORTS))


class SuggestionQuery(Query):
    """What has been typed so far."""

    q = Text(required=False, allow_blank=True, max_length=MAX_WORDS)


@extend_schema_field(OpenApiTypes.STR)
class Picture(serializers.Field[Any, Any, Any, Any]):
    """A picture that is sent: a file of a form, a `data:` address with the picture in base64, or the address of one that is there."""

    default_error_messages = {
        "invalid": "Send a picture as a file of a form, as data:image/…;base64,…, or by the address of one the product has.",
    }

    def to_internal_value(self, data: Any) -> Any:
        """Return a file to read, or an address."""
        if isinstance(data, UploadedFile):
            return data
        if not isinstance(data, str) or "\0" in data or not data:
            self.fail("invalid")
        if not data.startswith("data:"):
            return data
        _, _, content = data.partition(";base64,")
        try:
            return io.BytesIO(base64.b64decode(content.encode(), validate=True))
        except (binascii.Error, UnicodeEncodeError):
            self.fail("invalid")

    def to_representation(self, value: Any) -> Any:
        """Return the address."""
        return value


class ProductEditShape(Shape):
    """A product as it is written. What is optional and left out stays as it is."""

    name = Text(max_length=160)
    description = Text(max_length=20_000, allow_blank=True)
    price = Fiat(max_value=LARGEST_PRICE)
    category = Text(max_length=160)
    sku = Text(max_length=40)
    stock = Whole(required=False, min_value=0, max_value=LARGEST_STOCK)
    slug = Text(required=False, max_length=160)
    images = serializers.ListField(child=Picture(), required=False)


class CategoryShape(Shape):
    """A category with those below it; `productCount` counts what is in it and below it."""

    example = examples.CATEGORY

    id = Text()
    name = Text()
    slug = Text()
    parent_id = serializers.SerializerMethodField("get_parent_id")
    product_count = Whole(source="count")
    children = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "nullable": True})
    def get_parent_id(self, node: Any) -> str | None:
        """Return the id of the category above, None at the top."""
        return str(node.parent.id) if node.parent else None

    @extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/Category"}})
    def get_children(self, node: Any) -> Any:
        """Return the categories right below, in order."""
        return [category_data(child) for child in node.children]


class CartItemShape(Shape):
    """A line of the cart."""

    id = Text()
    product = ProductShape()
    quantity = Whole()
    unit_price = Fiat()
    line_total = Fiat()
    available = Flag()


class CartShape(Shape):
    """A cart. What cannot be bought now stays in it and costs nothing."""

    example = examples.CART

    items = CartItemShape(many=True)
    total_items = Whole()
    total_amount = Fiat()
    currency = Text()


class CartAddShape(Shape):
    """What to put into the cart."""

    product_id = Identifier()
    quantity = Whole(default=1, min_value=1, max_value=MOST_PIECES)


class CartSetShape(Shape):
    """How many pieces of it there are to be; 0 takes it out."""

    quantity = Whole(min_value=0, max_value=MOST_PIECES)


class WishShape(Shape):
    """A product on a wishlist."""

    example = examples.WISH

    product_id = Text()
    product = ProductShape()
    added_at = Moment()


class WishAddShape(Shape):
    """What to put on the wishlist."""

    product_id = Identifier()


def product_data(offer: Any) -> dict[str, Any]:
    """Return a `shop.offers.Offer` as the API shows it."""
    return told(ProductShape, offer)


def category_data(node: Any) -> dict[str, Any]:
    """Return a `shop.tree.Node`, and all below it, as the API shows it."""
    return told(CategoryShape, node)
