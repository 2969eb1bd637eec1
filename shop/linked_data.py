"""Structured data for search engines (schema.org `Product` and `BreadcrumbList` as JSON-LD)."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from cryptons.money import fiat
from shop.gallery import Picture
from shop.models import Product
from shop.stock import stock_state


def product_data(product: Product, pictures: Sequence[Picture]) -> dict[str, Any]:
    """Return a schema.org `Product` with its one offer."""
    address = settings.SITE_URL + product.get_absolute_url()
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.name,
        "sku": product.sku,
        "description": product.summary or product.description,
        "url": address,
        "offers": {
            "@type": "Offer",
            "url": address,
            "price": f"{fiat(product.price, settings.CURRENCY):f}",
            "priceCurrency": settings.CURRENCY,
            "availability": stock_state(product.stock).schema,
        },
    }
    if product.rating_count:
        data["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": f"{product.rating:f}",
            "reviewCount": product.rating_count,
        }
    if pictures:
        data["image"] = [picture.address for picture in pictures]
    return data


def breadcrumb_data(crumbs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return a schema.org `BreadcrumbList` of (name, path) pairs."""
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": settings.SITE_URL + path}
            for position, (name, path) in enumerate(crumbs, start=1)
        ],
    }
