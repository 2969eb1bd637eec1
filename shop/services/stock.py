"""Stock that is promised and given back, and what is shown."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from django.db.models import F

from cryptons import clock
from cryptons.access import Actor, require
from cryptons.db import atomic, guarded_update
from cryptons.errors import InvalidInput, OutOfStock
from shop.models import Product
from shop.search.outbox import products_changed
from shop.stock import PLENTY
from shop.version import catalogue_changed, stock_changed

_SOLD = Product.objects.filter(is_visible=True)
_AT_ONCE = 500
"""Products that one statement names: a database takes no more than so many values in one, PostgreSQL 65,535."""


class PriceMoved(Exception):
    """Something costs another sum than the one it was to be sold at."""


def take_stock(*, items: Sequence[tuple[UUID, int]], prices: Mapping[UUID, Decimal] | None = None) -> None:
    """Take (product, pieces) out of stock, all of them or, by the caller's transaction, none.

    Where `prices` name a product it is only taken at that price, in the store's currency: so nothing is sold at a price that was true
    when it was read and is not any more. Raises PriceMoved then.

    Each row is one guarded update, in key order, so that buyers of the same things wait for each other and never in a circle.
    Call it last in the transaction: a wanted row is then held shortest. Raises OutOfStock naming every product that has too few.
    """
    missing: list[UUID] = []
    few: dict[UUID, int] = {}
    wanted, prices = _by_key(items), prices or {}
    for product_id, quantity in wanted:
        price = prices.get(product_id)
        if _took(product_id, quantity, leaving=PLENTY, price=price):
            continue  # said as before, however many there are
        if _took(product_id, quantity, leaving=0, price=price):
            few[product_id] = -quantity
        else:
            missing.append(product_id)
    if missing:
        _check_prices(missing, prices)
        raise _out_of_stock(missing)
    _tell(few, besides=[product_id for product_id, _ in wanted if product_id not in few])


def return_stock(*, items: Sequence[tuple[UUID, int]]) -> None:
    """Put (product, pieces) back. Whoever calls has made sure, by a guarded update of its own, that it does so once.

    A product deleted since is passed over: there is no stock to return to.
    """
    wanted = _by_key(items)
    for product_id, quantity in wanted:
        Product.objects.filter(pk=product_id).update(stock=F("stock") + quantity)
    _tell(dict(wanted))


def change_stock(*, actor: Actor | None, product_id: UUID, by: int) -> int:
    """Add `by` pieces (take away, where negative) and return what is there now.

    A difference and no new total, so that pieces sold while somebody counted stay sold. Raises Forbidden without `products:write`,
    InvalidInput below zero.
    """
    require(actor, "products:write")
    enough = Product.objects.filter(pk=product_id, stock__gte=max(0, -by))
    with atomic():
        if not guarded_update(enough, stock=F("stock") + by, updated_at=clock.now()):
            raise InvalidInput(f"There are not {-by} pieces left to take away. The stock was not changed.")
        catalogue_changed()  # the product says when it was changed
        products_changed([product_id])
        return _tell({product_id: by})[product_id]


def show_products(*, actor: Actor | None, product_ids: Iterable[UUID], visible: bool) -> int:
    """Show the products in the shop, or hide them; return how many changed. Raises Forbidden without `products:write`."""
    require(actor, "products:write")
    keys, changed = list(product_ids), 0
    with atomic():
        for start in range(0, len(keys), _AT_ONCE):
            rows = Product.objects.filter(pk__in=keys[start : start + _AT_ONCE]).exclude(is_visible=visible)
            products_changed(rows.values_list("pk", flat=True))
            changed += rows.update(is_visible=visible, updated_at=clock.now())
        catalogue_changed()
    return changed


def _took(product_id: UUID, quantity: int, *, leaving: int, price: Decimal | None) -> bool:
    """Take so many pieces where at least `leaving` are left then, at no other `price` if one is named; return whether that was done."""
    at = {} if price is None else {"price": price}
    enough = _SOLD.filter(pk=product_id, stock__gte=quantity + leaving, **at)
    return guarded_update(enough, stock=F("stock") - quantity)


def _tell(by: Mapping[UUID, int], besides: Collection[UUID] = ()) -> Mapping[UUID, int]:
    """Tell that the stock was changed by so many pieces; return what there is now. In the transaction that holds the rows.

    There was and is plenty of those `besides`.
    """
    now = dict(Product.objects.filter(pk__in=by).order_by().values_list("id", "stock")) if by else {}
    before = {key: stock - by[key] for key, stock in now.items()}
    # Search has to know what sold out and what is back, and nothing of how many pieces there are.
    products_changed([key for key in now if (now[key] > 0) != (before[key] > 0)])
    stock_changed(now, before, besides)
    return now


def _by_key(items: Sequence[tuple[UUID, int]]) -> list[tuple[UUID, int]]:
    sums: dict[UUID, int] = {}
    for product_id, quantity in items:
        if quantity < 1:
            raise InvalidInput("Choose one piece or more.")
        sums[product_id] = sums.get(product_id, 0) + quantity
    return sorted(sums.items())


def _check_prices(product_ids: Sequence[UUID], prices: Mapping[UUID, Decimal]) -> None:
    now = dict(Product.objects.filter(pk__in=product_ids).values_list("id", "price"))
    if any(now.get(key, price) != price for key, price in prices.items()):
        raise PriceMoved


def _out_of_stock(product_ids: Sequence[UUID]) -> OutOfStock:
    rows = Product.objects.filter(pk__in=product_ids).values_list("id", "name", "stock", "is_visible")
    left = {key: (name, stock if visible else 0) for key, name, stock, visible in rows}
    details = []
    for product_id in product_ids:
        name, stock = left.get(product_id, ("A product", 0))
        words = f"Only {stock} left of {name}." if stock else f"{name} is sold out."
        details.append({"field": "lines", "product": str(product_id), "left": stock, "message": words})
    return OutOfStock(" ".join(str(detail["message"]) for detail in details), details=details)
