"""Ordering by account: what a program does in one request, as the checkout page does it in two."""

from collections.abc import Mapping, Sequence

from django.conf import settings

from accounts.models import User
from cryptons import clock
from cryptons.db import atomic
from cryptons.errors import DomainError, InvalidTransition, NotFound, PaymentMethodUnavailable
from orders.models import Order
from orders.selectors import order_by_checkout_key, payment_of
from orders.services.placing import LineRequest, place_order
from payments.health import is_blind
from payments.methods import methods
from payments.rates import Quote, current_quote
from payments.services import provision
from shop.cart import UserCart
from shop.models import Product


def order_by_account(
    *,
    user: User,
    checkout_key: str,
    coin: str,
    address: Mapping[str, str],
    items: Sequence[LineRequest] | None = None,
    note: str = "",
    network: str = "",
) -> Order:
    """Place an order for `items`, or for all that is in the user's cart, and ask the node where to pay it in `coin`.

    A `checkout_key` that placed an order before brings that one back; `network` is where the request comes from.
    Nothing is written where the store cannot see Bitcoin's network now.
    Raises PaymentMethodUnavailable and RateUnavailable; where an order is named in their details the node failed after the order was
    written: it stays, and the same key, or the sweeper, gets its address later. Raises NotFound for items that are not sold, and
    what `place_order` raises.
    """
    order = order_by_checkout_key(checkout_key=checkout_key) and _place(user, checkout_key, address, items or (), note)
    if order is None:
        _require_coin(coin)
        order = (
            _place_cart(user, checkout_key, address, note, network)
            if items is None
            else _place(user, checkout_key, address, _sold(items), note, network=network)
        )
    _ask_where_to_pay(order)
    return order


def _place(
    user: User,
    key: str,
    address: Mapping[str, str],
    lines: Sequence[LineRequest],
    note: str,
    quote: Quote | None = None,
    network: str = "",
) -> Order:
    return place_order(
        checkout_key=key,
        user=user,
        email=user.email,
        address=address,
        lines=lines,
        quote=quote or current_quote(settings.CURRENCY),
        note=note,
        network=network,
    )


def _require_coin(coin: str) -> None:
    """Refuse a coin that cannot be paid with now, before anything is written. No node is asked: the watcher knows."""
    if coin not in {method.coin for method in methods()}:
        raise PaymentMethodUnavailable(f"This store does not take {coin} at present.")
    if is_blind(coin, since=clock.now()):
        raise PaymentMethodUnavailable(
            "The store cannot see the payment network right now. Nothing was ordered; please try again in a moment."
        )


def _place_cart(user: User, key: str, address: Mapping[str, str], note: str, network: str) -> Order:
    """Place an order for all that the cart holds, wanted as it is: what is sold out refuses the order instead of shrinking it.

    The cart is emptied in the order's own transaction, so that of several requests at once one orders it. Raises InvalidTransition
    for the others.
    """
    quote = current_quote(settings.CURRENCY)  # may be asked for far away, so not within the transaction
    cart = UserCart(user)
    held = cart.held()
    with atomic():
        if not cart.take(held):
            raise InvalidTransition("Your cart was ordered or changed at the same moment. Look at it and try again.")
        lines = [LineRequest(product_id, line.quantity) for product_id, line in held.items()]
        return _place(user, key, address, lines, note, quote, network)


def _sold(items: Sequence[LineRequest]) -> Sequence[LineRequest]:
    """Return the items where each is sold here. Raises NotFound naming those that are not."""
    wanted = {item.product_id for item in items}
    missing = wanted - set(Product.objects.filter(pk__in=wanted, is_visible=True).values_list("pk", flat=True))
    if missing:
        message = "There is no such product."
        details = [{"field": "lines", "product": str(key), "message": message} for key in sorted(missing)]
        raise NotFound(message, details=details)
    return items


def _ask_where_to_pay(order: Order) -> None:
    payment = payment_of(order=order)
    if payment is None:
        return
    try:
        provision(payment_id=payment.pk)
    except InvalidTransition:
        return  # the order is older than this request, and its time to pay is over
    except DomainError as error:
        message = (
            "The order is placed. Send the request again with its Idempotency-Key, or ask for the order's payment."
        )
        named = {"field": "", "order_id": str(order.pk), "order_number": order.number, "message": message}
        error.details = [*error.details, named]
        raise
