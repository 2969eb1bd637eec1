"""Staff's view of the orders. Nothing is edited here: money and status move only by the services that the actions call."""

from orders.admin.orders import OrderAdmin
from orders.admin.records import OrderEventAdmin, OrderPaymentAdmin, OutboxMessageAdmin
from orders.admin.webhooks import WebhookDeliveryAdmin, WebhookEndpointAdmin

__all__ = [
    "OrderAdmin",
    "OrderEventAdmin",
    "OrderPaymentAdmin",
    "OutboxMessageAdmin",
    "WebhookDeliveryAdmin",
    "WebhookEndpointAdmin",
]
