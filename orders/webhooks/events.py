"""What endpoints can be told of: one name for each change of an order or its payment."""

from django.db import models

from orders.status import OrderStatus
from payments.seam import PaymentUpdate
from payments.status import PaymentException, PaymentStatus


class WebhookEvent(models.TextChoices):
    """The names, which receivers rely on, and when each is sent."""

    ORDER_CREATED = "order.created", "an order was placed"
    ORDER_PROCESSING = "order.processing", "it is paid and being prepared"
    ORDER_SHIPPED = "order.shipped", "it was handed to the carrier"
    ORDER_DELIVERED = "order.delivered", "it has arrived"
    ORDER_CANCELLED = "order.cancelled", "it was cancelled"
    ORDER_REOPENED = "order.reopened", "it was cancelled and is taken up again, as late money was accepted"
    PAYMENT_SEEN = "payment.seen", "enough money was seen and waits for its confirmations"
    PAYMENT_PARTIAL = "payment.partial", "some money came, and less than was asked for"
    PAYMENT_SETTLED = "payment.settled", "the payment is confirmed deeply enough (too much is settled, too)"
    PAYMENT_LATE = "payment.late", "money came after the time was up; staff decide"
    PAYMENT_EXPIRED = "payment.expired", "the time was up and nothing had come"
    PAYMENT_REVERTED = "payment.reverted", "the payment lost its confirmations, or is gone again"
    PAYMENT_INVALID = "payment.invalid", "the payment became void, as its coins were spent otherwise"


TEST = "webhook.test"
"""What a test message is called; every endpoint takes it."""

_BY_STATUS = {
    OrderStatus.PENDING: WebhookEvent.ORDER_REOPENED,
    OrderStatus.PROCESSING: WebhookEvent.ORDER_PROCESSING,
    OrderStatus.SHIPPED: WebhookEvent.ORDER_SHIPPED,
    OrderStatus.DELIVERED: WebhookEvent.ORDER_DELIVERED,
    OrderStatus.CANCELLED: WebhookEvent.ORDER_CANCELLED,
}
_BY_PAYMENT = {
    PaymentStatus.NEW: WebhookEvent.PAYMENT_REVERTED,
    PaymentStatus.SEEN: WebhookEvent.PAYMENT_SEEN,
    PaymentStatus.SETTLED: WebhookEvent.PAYMENT_SETTLED,
    PaymentStatus.EXPIRED: WebhookEvent.PAYMENT_EXPIRED,
    PaymentStatus.INVALID: WebhookEvent.PAYMENT_INVALID,
}


def moved_to(status: OrderStatus) -> WebhookEvent:
    """Return what it is called that an order moved to `status`."""
    return _BY_STATUS[status]


def paid(update: PaymentUpdate, *, before: str) -> WebhookEvent:
    """Return what it is called that a payment became `update` from the status `before`."""
    if update.exception == PaymentException.LATE:
        return WebhookEvent.PAYMENT_LATE
    if update.exception == PaymentException.UNDERPAID:
        return WebhookEvent.PAYMENT_PARTIAL
    if update.status == PaymentStatus.SEEN and before == PaymentStatus.SETTLED:
        return WebhookEvent.PAYMENT_REVERTED
    return _BY_PAYMENT[PaymentStatus(update.status)]
