"""What is sold: a tree of categories, products with pictures and stock, and the carts of signed-in shoppers."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse

from cryptons import clock
from cryptons.db import KeyedModel
from shop.addresses import product_path
from shop.search.text import Spelled, text_of
from shop.search.words import joined


class Category(KeyedModel):
    """A node of the category tree. The whole tree is small and read at once (`shop.selectors`), so a parent link is enough."""

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    description = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position", "name")
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the category's page."""
        return reverse("shop:category", args=[self.slug])


class Product(KeyedModel, Spelled):
    """Something for sale. `price` is in the store's currency; `stock` is what can still be promised to a buyer.

    `rating_total` is the sum of the stars of its approved reviews, `rating_count` how many there are and `rating` their average, 0
    while there is none; only `shop.ratings` writes them.
    """

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    name = models.CharField(max_length=160)
    slug = models.SlugField(max_length=160, unique=True)
    sku = models.CharField("SKU", max_length=40, unique=True)
    summary = models.CharField(max_length=240, blank=True)
    description = models.TextField(blank=True)
    price = models.DecimalField(max_digits=14, decimal_places=3)
    stock = models.PositiveIntegerField(default=0)
    is_visible = models.BooleanField("shown in the shop", default=True)
    rating = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal(0), editable=False)
    rating_total = models.PositiveIntegerField(default=0, editable=False)
    rating_count = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    spelled_from: ClassVar = frozenset({"name", "sku"})

    class Meta:
        ordering = ("-created_at", "name")
        indexes = [
            models.Index(fields=["is_visible", "-created_at", "id"], name="product_newest_first"),
            models.Index(fields=["is_visible", "search_text", "id"], name="product_by_name"),
            models.Index(fields=["is_visible", "price", "rating"], name="product_price_rating"),
            models.Index(fields=["is_visible", "-rating"], name="product_rating"),
            # Lists of a category by price, and how what is narrowed is divided, all without the rows.
            models.Index(fields=["category", "is_visible", "price", "rating", "stock"], name="product_by_category"),
            models.Index(fields=["stock", "name"], name="product_stock"),
            # All that a list with words is sorted and divided by: see `shop.search.text`.
            models.Index(
                fields=[
                    "is_visible",
                    "search_text",
                    "category",
                    "price",
                    "rating",
                    "rating_count",
                    "stock",
                    "created_at",
                    "id",
                ],
                name="product_words",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def spelled(self) -> str:
        """Return the words of name and SKU."""
        return text_of(self.name, joined(self.sku))

    def get_absolute_url(self) -> str:
        """Return the product's page."""
        return product_path(self.slug)


class ProductImage(KeyedModel):
    """One picture of a product: a large rendition for the gallery, a small square one for lists (`shop.services.add_image`)."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="images")
    image = models.ImageField(upload_to="products/")
    thumbnail = models.ImageField(upload_to="products/")
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    alt = models.CharField("description for those who do not see it", max_length=200)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.alt


class CartLine(KeyedModel):
    """A product in a signed-in shopper's cart. `seen_price` is what the shopper last saw, so that a change can be told."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cart_lines")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="cart_lines")
    quantity = models.PositiveIntegerField()
    seen_price = models.DecimalField(max_digits=14, decimal_places=3)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ("created_at", "id")
        constraints = [models.UniqueConstraint(fields=["user", "product"], name="cart_line_once")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.product_id}"


class WishlistItem(KeyedModel):
    """A product somebody wants to remember.

    `is_waiting` is set while it is sold out and cleared, by a guarded update, by whoever queues the note that it is back.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wishlist")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="wishlist_items")
    is_waiting = models.BooleanField("waits for stock", default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = [models.UniqueConstraint(fields=["user", "product"], name="wishlist_item_once")]
        indexes = [models.Index(fields=["is_waiting"], name="wishlist_waiting")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.product_id}"


class SearchChange(KeyedModel):
    """A product, or a category with all in it and below it, whose place in the search index is out of date (`shop.search.outbox`).

    `after` is the key of the last product of the category that was done. `applied_at` is set where it was applied to an index that is
    about to be replaced: it is applied once more, to the new one.
    """

    product_id = models.UUIDField(null=True, blank=True)
    category_id = models.UUIDField(null=True, blank=True)
    after = models.UUIDField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return f"product {self.product_id}" if self.product_id else f"category {self.category_id}"


class SearchLease(models.Model):
    """Who may do what only one at a time may do with the search index, and until when (`shop.search.lease`)."""

    name = models.CharField(max_length=20, primary_key=True, db_column="_id")
    holder = models.UUIDField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
