"""The part of the settings that the API's description is made with."""

from pathlib import Path
from typing import Any

import drf_spectacular_sidecar

SWAGGER_UI = Path(drf_spectacular_sidecar.__file__).parent / "static" / "drf_spectacular_sidecar" / "swagger-ui-dist"
"""The files of the page that tries the API. They are served by ourselves, without the other page that the package brings."""

_ABOUT = """\
Everything under `/api` answers in one envelope: `{"success": true, "data": …, "meta": …}`, or
`{"success": false, "error": {"code", "message", "details"}}`. `code` is for programs, `message` for people.

* Names are camelCase, times ISO 8601 in UTC, identifiers opaque texts. Money and coins are numbers; an amount of coin has a twin in the
  coin's smallest unit (`…BaseUnits`).
* Lists take `page` and `limit` and answer with `meta`; a page past the end is empty.
* `Authorization: Bearer <token>` with the token of `/api/auth/login` or `/api/auth/register`. It is good for a day unless the store says
  otherwise; `/api/auth/refresh` brings the next one.
* `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` stand on every answer; 429 comes with `Retry-After`.
* An address takes no other methods than those shown: 405 `METHOD_NOT_ALLOWED`, with `Allow`. Any other address is 404 `NOT_FOUND`.
"""

_TAGS = {
    "auth": "Signing up, in and out, and one's own account.",
    "products": "What is for sale.",
    "categories": "The tree that the products stand in.",
    "cart": "One's own cart, the same as on the pages.",
    "orders": "Buying, paying, following.",
    "reviews": "What people say of a product.",
    "wishlist": "What to buy another time.",
    "rates": "What the coins cost.",
    "webhooks": "What a watcher outside tells the store.",
    "admin": "Figures and health, for the staff.",
}


def openapi_for(name: str, url: str) -> dict[str, Any]:
    """Return drf-spectacular's settings for the store called `name` at `url`."""
    return {
        "TITLE": f"{name}: the API",
        "VERSION": "1",
        "DESCRIPTION": _ABOUT,
        "CONTACT": {"name": name, "url": f"{url}/"},
        "LICENSE": {"name": "MIT", "url": "https://opensource.org/license/mit"},
        "SERVERS": [{"url": "/", "description": "This store"}],
        "TAGS": [{"name": tag, "description": told} for tag, told in _TAGS.items()],
        "SERVE_INCLUDE_SCHEMA": False,
        "COMPONENT_SPLIT_REQUEST": True,
        "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
        "APPEND_COMPONENTS": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "webhookSignature": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "X-Webhook-Signature",
                    "description": "t=<seconds since 1970>,v1=<hex HMAC-SHA256 of t, a full stop and the raw body>",
                },
            }
        },
        "ENUM_NAME_OVERRIDES": {
            "OrderStatus": "orders.status.OrderStatus",
            "OrderPaymentStatus": "orders.payment_status.OrderPaymentStatus",
            "PaymentStatus": "payments.status.PaymentStatus",
            "HealthStatus": "cryptons.probing.Health",
        },
        "POSTPROCESSING_HOOKS": [
            "drf_spectacular.hooks.postprocess_schema_enums",
            "cryptons.api.schema_parts.finish",
        ],
    }
