"""Where an order is to be paid: asked for once it is placed, outside any transaction."""

from orders.selectors import payment_of
from orders.services.placing import Placed
from payments.models import PaymentOption
from payments.services import provision, provision_new


def ask_where_to_pay(placed: Placed) -> PaymentOption | None:
    """Return where to pay the order, asking the node where nobody has; None for an order without a payment.

    Raises PaymentMethodUnavailable, RateUnavailable, and InvalidTransition where the time to pay is over.
    """
    if placed.payment is not None:
        return provision_new(payment=placed.payment)
    payment = payment_of(order=placed.order)
    return provision(payment_id=payment.pk) if payment else None
