"""What the catalogue, the cart and the wishlist look like on the wire: examples for the API's description."""

from typing import Any

_KITCHEN = {"id": "01980b6e-6666-7000-8000-000000000001", "name": "Kitchen", "slug": "kitchen"}

PRODUCT: dict[str, Any] = {
    "id": "01980b6e-0000-7000-8000-000000000001",
    "name": "Copper kettle",
    "slug": "copper-kettle",
    "description": "Sings when the water boils.",
    "price": 49.5,
    "currency": "EUR",
    "priceInCrypto": {"BTC": 0.000825, "LTC": None, "XRP": None},
    "category": _KITCHEN,
    "stock": 12,
    "images": ["https://shop.example/media/products/copper-kettle.webp"],
    "sku": "KET-1",
    "ratings": {"average": 4.5, "count": 2},
    "createdAt": "2026-05-04T09:00:00Z",
    "updatedAt": "2026-05-04T09:00:00Z",
}

FACETS: dict[str, Any] = {
    "categories": [{**_KITCHEN, "count": 1}],
    "prices": [{"min": 0, "max": 50, "count": 1}],
    "ratings": [{"min": 4, "count": 1}, {"min": 3, "count": 1}, {"min": 2, "count": 1}, {"min": 1, "count": 1}],
    "inStock": 1,
}

SEARCH: dict[str, Any] = {"engine": "tantivy", "degraded": False}

CATEGORY: dict[str, Any] = {**_KITCHEN, "parentId": None, "productCount": 1, "children": []}

CART: dict[str, Any] = {
    "items": [
        {
            "id": "01980b6e-7777-7000-8000-000000000001",
            "product": PRODUCT,
            "quantity": 2,
            "unitPrice": 49.5,
            "lineTotal": 99,
            "available": True,
        }
    ],
    "totalItems": 2,
    "totalAmount": 99,
    "currency": "EUR",
}

WISH: dict[str, Any] = {"productId": PRODUCT["id"], "product": PRODUCT, "addedAt": "2026-05-04T09:30:00Z"}
