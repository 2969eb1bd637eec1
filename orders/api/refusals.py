"""What a service refuses, in the words of the request that placed the order."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from accounts.postal import ADDRESS_FIELDS
from cryptons.errors import DomainError
from orders.services import LineRequest

_NAMES = {"note": "note", "email": "body", "": "body", **{name: f"shippingAddress.{name}" for name in ADDRESS_FIELDS}}


@contextmanager
def told_by_item(items: Sequence[LineRequest] | None) -> Iterator[None]:
    """Name the item that a refusal is about: `items.0.productId`, `items.0.quantity`, plain `items` where they come from the cart."""
    try:
        yield
    except DomainError as error:
        named = [_of_item(detail, items or (), error.status) for detail in error.details]
        error.details = [entry for entries in named for entry in entries]
        raise


def _of_item(detail: Mapping[str, Any], items: Sequence[LineRequest], status: int) -> list[dict[str, Any]]:
    known = {name: value for name, value in detail.items() if name != "field"}
    name = str(detail.get("field") or "")
    if name not in {"lines", "quantity"}:
        return [{**known, "field": _NAMES.get(name, name)}]
    product = detail.get("product")
    part = "productId" if status == 404 else "quantity"
    places = [f"items.{index}.{part}" for index, item in enumerate(items) if str(item.product_id) == product]
    return [{**known, "field": place} for place in places or ["items"]]
