"""What the shop writes."""

from shop.services.pictures import add_image
from shop.services.products import (
    LARGEST_PRICE,
    change_product,
    create_product,
    delete_product,
    price_trouble,
    slug_trouble,
)
from shop.services.stock import PriceMoved, change_stock, return_stock, show_products, take_stock

__all__ = [
    "LARGEST_PRICE",
    "PriceMoved",
    "add_image",
    "change_product",
    "change_stock",
    "create_product",
    "delete_product",
    "price_trouble",
    "return_stock",
    "show_products",
    "slug_trouble",
    "take_stock",
]
