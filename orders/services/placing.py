"""Placing an order: whole or not at all, once per checkout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.models import User, canonical_email
from accounts.postal_form import clean_postal_address
from cryptons.db import atomic
from cryptons.errors import AlreadyExists, DomainError, InvalidInput, OutOfStock
from cryptons.money import fiat
from orders.models import MOST_PIECES, Order, OrderLine, OrderPayment
from orders.numbers import new_number
from orders.selectors import order_by_checkout_key
from orders.services.holding import check_room, mark_of, turns_of
from orders.services.moves import announce_first, record
from orders.webhooks.events import WebhookEvent
from orders.webhooks.listening import know_listeners
from orders.webhooks.recording import tell_endpoints
from payments.models import Payment
from payments.rates import Quote
from payments.services import create_payment
from shop.services import PriceMoved, take_stock
from shop.sold import Sold, sold

_NUMBER_TRIES = 5


class PriceChanged(DomainError):
    """What the order would cost is not what the buyer agreed to."""

    code = "PRICE_CHANGED"
    status = 409


@dataclass(frozen=True, slots=True)
class LineRequest:
    """What somebody wants: a product and how many pieces. The price is the store's to know."""

    product_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Placed:
    """An order that was asked for. `lines` and `payment` are its own as they were just written: none of either where the order is older."""

    order: Order
    lines: Sequence[OrderLine] = ()
    payment: Payment | None = None

    @property
    def is_new(self) -> bool:
        """Tell whether it was just written."""
        return self.payment is not None


def place_order(
    *,
    checkout_key: str,
    user: User | None,
    email: str,
    address: Mapping[str, str],
    lines: Sequence[LineRequest],
    quote: Quote,
    note: str = "",
    expected_total: Decimal | None = None,
    network: str = "",
) -> Placed:
    """Write an order with its lines at the stored prices, its payment, event and news, and take its pieces out of stock.

    A `checkout_key` that placed an order before brings that order back, however many ask at once. `address` has the fields of
    `accounts.postal.ADDRESS_FIELDS`; `expected_total` is what the buyer was shown, `network` where the buyer asks from
    (`cryptons.client.network_of`). No node is called: the caller asks `payments.services` afterwards where to pay.

    Raises InvalidInput (nothing to buy, a wrong quantity, e-mail or address), OutOfStock, PriceChanged, RateLimited where the
    buyer has too many orders that wait for payment, and AlreadyExists where the key belongs to somebody else's order. In each case
    nothing was written.
    """
    order = Order(checkout_key=checkout_key, user=user, email=canonical_email(email), note=note.strip())
    order.currency, order.placed_from = settings.CURRENCY, mark_of(network)
    try:
        for name, value in clean_postal_address(address).items():
            setattr(order, name, value)
        return _price_and_write(order, lines, quote, expected_total)
    except DomainError:
        # A key that was used before is either met here or by the unique column: a new one, as most are, is not asked about.
        placed = placed_before(checkout_key=checkout_key, user=user, email=email)
        if placed is None:
            raise
        return placed


def placed_before(*, checkout_key: str, user: User | None, email: str) -> Placed | None:
    """Return the order that this checkout placed, None for none. Raises AlreadyExists where it is somebody else's."""
    order = order_by_checkout_key(checkout_key=checkout_key)
    if order is None:
        return None
    if order.user_id != (user.pk if user else None) or order.email != canonical_email(email):
        raise AlreadyExists("This checkout was used before. Please go back to your cart and start again.")
    return Placed(order)


def _price_and_write(
    order: Order, lines: Sequence[LineRequest], quote: Quote, expected_total: Decimal | None, *, anew: bool = False
) -> Placed:
    """Write the order at the prices that stand when its stock is taken; those are read once more where they are not what was known."""
    rows = _price_lines(order, lines, anew=anew)
    order.total = sum((row.line_total for row in rows), Decimal(0))
    try:
        _check_agreed(order, expected_total)
        _check_total(order)
        _check_fields(order)
        return _write_once(order, rows, quote)
    except PriceMoved as error:
        if anew:
            message = "A price has changed since you looked. Please check the new total and confirm again."
            raise PriceChanged(message) from error
    return _price_and_write(order, lines, quote, expected_total, anew=True)


def _price_lines(order: Order, lines: Sequence[LineRequest], *, anew: bool) -> list[OrderLine]:
    """Return the order's lines at the stored prices, one a product, not yet written."""
    wanted: dict[UUID, int] = {}
    for line in lines:
        wanted[line.product_id] = wanted.get(line.product_id, 0) + line.quantity
    if not wanted:
        raise InvalidInput("There is nothing in your cart.", details=[{"field": "lines", "message": "Nothing to buy."}])
    known = sold(wanted, anew=anew)
    return [
        _price_line(order, product_id, known.get(product_id), quantity, position)
        for position, (product_id, quantity) in enumerate(wanted.items())
    ]


def _price_line(order: Order, product_id: UUID, what: Sold | None, quantity: int, position: int) -> OrderLine:
    about = {"product": str(product_id)}
    if what is None:
        message = "Something in your cart is no longer sold."
        raise OutOfStock(message, details=[{**about, "field": "lines", "left": 0, "message": message}])
    if not 1 <= quantity <= MOST_PIECES:
        message = f"Between 1 and {MOST_PIECES:,} pieces of {what.name} can be ordered at once."
        raise InvalidInput(message, details=[{**about, "field": "quantity", "message": message}])
    return OrderLine(
        order_id=order.pk,
        product_id=product_id,
        name=what.name,
        sku=what.sku,
        unit_price=what.price,
        quantity=quantity,
        line_total=fiat(what.price * quantity, order.currency),
        position=position,
    )


def _check_agreed(order: Order, expected_total: Decimal | None) -> None:
    if expected_total is not None and order.total != expected_total:
        raise PriceMoved


def _check_total(order: Order) -> None:
    """Refuse a sum that the order's column cannot hold."""
    column = Order._meta.get_field("total")
    try:
        column.clean(order.total, order)
    except ValidationError as error:
        message = "This is more than can be ordered at once. Please take fewer pieces."
        raise InvalidInput(message, details=[{"field": "lines", "message": message}]) from error


def _check_fields(order: Order) -> None:
    """Hold what was sent against the columns' own rules, before anything is written."""
    unchecked = {field.name for field in order._meta.fields} - {"email", "note"}
    try:
        order.clean_fields(exclude=unchecked)
    except ValidationError as error:
        details = [{"field": field, "message": " ".join(texts)} for field, texts in error.message_dict.items()]
        raise InvalidInput("Please check the e-mail address and the note.", details=details) from error


def _write_once(order: Order, rows: list[OrderLine], quote: Quote, tries: int = _NUMBER_TRIES) -> Placed:
    """Write the order; where another request with the same key was quicker, return that one's."""
    order.number = new_number()
    know_listeners()
    turns = turns_of(order)
    for turn in turns:
        turn.prepare()
    try:
        with atomic():
            for turn in turns:
                turn.take()
            check_room(order)
            payment = _write(order, rows, quote)
        return Placed(order, rows, payment)
    except IntegrityError:
        winner = placed_before(checkout_key=order.checkout_key, user=order.user, email=order.email)
        if winner is None and tries == 1:
            raise
    # The number was taken: one in 2**60, and still no reason to lose a sale.
    return winner or _write_once(order, rows, quote, tries - 1)


def _write(order: Order, rows: list[OrderLine], quote: Quote) -> Payment:
    """Insert everything, then take the stock: its rows are the hot ones and shall be held shortest. Return the payment."""
    order.stock_held = True
    order.save(force_insert=True)
    OrderLine.objects.bulk_create(rows)
    payment = create_payment(fiat_amount=order.total, currency=order.currency, quote=quote)
    OrderPayment.objects.create(order_id=order.pk, payment_id=payment.pk)
    record(order, "placed", "Order placed.", actor=order.user, moved=("", order.status))
    announce_first(order, "received")
    tell_endpoints(order, WebhookEvent.ORDER_CREATED)
    take_stock(
        items=[(row.product_id, row.quantity) for row in rows if row.product_id],
        prices={row.product_id: row.unit_price for row in rows if row.product_id},
    )
    return payment
