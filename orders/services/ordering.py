"""Ordering by account: what a program does in one request, as the checkout page does it in two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from accounts.models import User
from cryptons import clock
from cryptons.db import atomic
from cryptons.errors import DomainError, InvalidTransition, NotFound, PaymentMethodUnavailable
from orders.selectors import OrderState, get_order, new_order_state, read_order_state
from orders.services.paying import ask_where_to_pay
from orders.services.placing import LineRequest, Placed, place_order, placed_before
from orders.webhooks.listening import know_listeners
from payments.health import is_blind
from payments.methods import methods
from payments.rates import Quote, current_quote
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
) -> OrderState:
    """Place an order for `items`, or for all that is in the user's cart, ask the node where to pay it in `coin`, and return all of it.

    A `checkout_key` that placed an order before brings that one back; `network` is where the request comes from.
    Nothing is written where the store cannot see Bitcoin's network now.
    Raises PaymentMethodUnavailable and RateUnavailable; where an order is named in their details the node failed after the order was
    written: it stays, and the same key, or the sweeper, gets its address later. Raises NotFound for items that are not sold, and
    what `place_order` raises.
    """
    buyer = _Buyer(user, checkout_key, address, note, network)
    try:
        _require_coin(coin)
        placed = _place_cart(buyer) if items is None else _place_items(buyer, items)
    except DomainError:
        older = buyer.placed_before()
        if older is None:
            raise
        placed = older
    return _with_payment(placed)


@dataclass(frozen=True, slots=True)
class _Buyer:
    """Who orders, where to, and by which key."""

    user: User
    key: str
    address: Mapping[str, str]
    note: str
    network: str

    def place(self, lines: Sequence[LineRequest], quote: Quote) -> Placed:
        """Place an order for `lines`."""
        return place_order(
            checkout_key=self.key,
            user=self.user,
            email=self.user.email,
            address=self.address,
            lines=lines,
            quote=quote,
            note=self.note,
            network=self.network,
        )

    def placed_before(self) -> Placed | None:
        """Return what was placed with the key."""
        return placed_before(checkout_key=self.key, user=self.user, email=self.user.email)


def _require_coin(coin: str) -> None:
    """Refuse a coin that cannot be paid with now, before anything is written. No node is asked: the watcher knows."""
    if coin not in {method.coin for method in methods()}:
        raise PaymentMethodUnavailable(f"This store does not take {coin} at present.")
    if is_blind(coin, since=clock.now()):
        raise PaymentMethodUnavailable(
            "The store cannot see the payment network right now. Nothing was ordered; please try again in a moment."
        )


def _place_cart(buyer: _Buyer) -> Placed:
    """Place an order for all that the cart holds, wanted as it is: what is sold out refuses the order instead of shrinking it.

    The cart is emptied in the order's own transaction, so that of several requests at once one orders it. Raises InvalidTransition
    for the others. An order of before is looked for first, and where one appears later the cart is left as it is: what came into it since
    must not be taken out with it.
    """
    older = buyer.placed_before()
    if older is not None:
        return older
    quote = current_quote(settings.CURRENCY)  # may be asked for far away, so not within the transaction
    know_listeners()
    cart = UserCart(buyer.user)
    held = cart.held()
    with atomic():
        if not cart.take(held):
            raise InvalidTransition("Your cart was ordered or changed at the same moment. Look at it and try again.")
        placed = buyer.place([LineRequest(product_id, line.quantity) for product_id, line in held.items()], quote)
        if not placed.is_new:
            transaction.set_rollback(True)  # the key ordered meanwhile, and this cart is what came into it since
    return placed


def _place_items(buyer: _Buyer, items: Sequence[LineRequest]) -> Placed:
    """Place an order for `items`. Whatever else may be wrong, NotFound for what is not sold comes first."""
    try:
        return buyer.place(items, current_quote(settings.CURRENCY))
    except DomainError:
        _require_sold(items)
        raise


def _require_sold(items: Sequence[LineRequest]) -> None:
    """Refuse items that are not sold here. Raises NotFound naming them."""
    wanted = {item.product_id for item in items}
    missing = wanted - set(Product.objects.filter(pk__in=wanted, is_visible=True).values_list("pk", flat=True))
    if missing:
        message = "There is no such product."
        details = [{"field": "lines", "product": str(key), "message": message} for key in sorted(missing)]
        raise NotFound(message, details=details)


def _with_payment(placed: Placed) -> OrderState:
    """Ask the node where to pay; return the order with it. What was just written is not read again."""
    order = placed.order
    try:
        option = ask_where_to_pay(placed)
    except InvalidTransition:
        option = None  # the order is older than this request, and its time to pay is over
    except DomainError as error:
        message = (
            "The order is placed. Send the request again with its Idempotency-Key, or ask for the order's payment."
        )
        named = {"field": "", "order_id": str(order.pk), "order_number": order.number, "message": message}
        error.details = [*error.details, named]
        raise
    if placed.payment and option:
        return new_order_state(order=order, lines=placed.lines, payment=placed.payment, option=option)
    return read_order_state(get_order(order_id=order.pk))
