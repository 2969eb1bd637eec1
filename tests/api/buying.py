"""Steps of the tests of /api/orders."""

from orders.models import Order, OrderEvent, OrderLine, OrderPayment, OutboxMessage
from payments.models import Payment
from shop.models import Product

ADDRESS = {
    "fullName": "Ada Byron",
    "line1": "Mill Lane 12",
    "city": "Lisbon",
    "postalCode": "1100-148",
    "country": "PT",
}
SHOWN_ADDRESS = {**ADDRESS, "line2": "", "region": "", "phone": ""}


def wish(*items, **more):
    """Return the body of an order for `items` of (product, quantity), or for the cart where there are none."""
    named = [{"productId": str(product.pk), "quantity": quantity} for product, quantity in items]
    return {"cryptocurrency": "BTC", "shippingAddress": ADDRESS, **({"items": named} if named else {}), **more}


def world():
    """Return all that a refusal must leave as it was."""
    rows = [model.objects.count() for model in (Order, OrderLine, Payment, OrderPayment, OrderEvent, OutboxMessage)]
    return rows, list(Order.objects.order_by("pk").values_list("status", "tracking_number")), stock()


def stock():
    return list(Product.objects.order_by("pk").values_list("stock", flat=True))
