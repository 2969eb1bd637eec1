"""Structured data for search engines (schema.org `Product` and `BreadcrumbList` as JSON-LD)."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin

from django.conf import settings

from cryptons.money import fiat
from shop.models import Product, ProductImage
from shop.stock import stock_state


def absolute(address: str) -> str:
    """Return an address as other sites need it; pictures may lie on a server of their own and have a whole one already."""
    if address.startswith("/") and not address.startswith("//"):
        return f"{settings.SITE_URL}{address}"
    return urljoin(f"{settings.SITE_URL}/", address)


def product_data(product: Product, images: Sequence[ProductImage]) -> dict[str, Any]:
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
    if images:
        data["image"] = [absolute(image.image.url) for image in images]
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
