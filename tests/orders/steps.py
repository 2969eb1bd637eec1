"""Steps that the tests of orders take: place one, let its payment become something."""

from decimal import Decimal

from cryptons import clock
from cryptons.db import atomic, uuid7
from orders.models import Order
from orders.payment_listener import on_payment_update
from orders.services import LineRequest, place_order
from payments.models import Payment
from payments.rates import Quote
from payments.seam import PaymentUpdate
from tests.factories import POSTAL, ProductFactory


def quote():
    return Quote(price=Decimal(60000), source="fixed", at=clock.now())


def place(*lines, **given):
    """Place an order for `lines` of (product, quantity), by default one piece of a new product with a stock of 10."""
    lines = lines or [(ProductFactory(), 1)]
    arguments = {
        "checkout_key": uuid7().hex,
        "user": None,
        "email": "buyer@example.org",
        "address": POSTAL,
        "lines": [LineRequest(product.pk, quantity) for product, quantity in lines],
        "quote": quote(),
    }
    return place_order(**{**arguments, **given}).order


def payment_for(order):
    return Payment.objects.get(order_link__order=order)


def tell(order, status, exception="", *, received=0, confirmations=0, txids=("aa" * 32,)):
    """Let the order's payment become something and tell the listener, as the watcher would; return the order as it is then."""
    payment = payment_for(order)
    became = {"status": status, "exception": exception, "received": received, "confirmations": confirmations}
    Payment.objects.filter(pk=payment.pk).update(**became, version=payment.version + 1)
    update = PaymentUpdate(
        payment_id=payment.pk,
        previous=payment.status,
        status=status,
        exception=exception,
        received=received,
        due=max(payment.amount - received, 0),
        confirmations=confirmations,
        txids=txids if received else (),
    )
    with atomic():
        on_payment_update(update)
    return Order.objects.get(pk=order.pk)


def topics(order):
    return list(order.outbox.order_by("created_at", "id").values_list("topic", flat=True))


def stock_of(product):
    product.refresh_from_db(fields=["stock"])
    return product.stock
