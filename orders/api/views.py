"""/api/orders: buying, looking at what was bought, and moving it on."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import session_behind, user_of
from cryptons.api.describe import described
from cryptons.api.idempotency import idempotent, operation_key
from cryptons.api.paging import answer_page, cut_of
from cryptons.api.rendering import EnvelopeRenderer, EventRenderer
from cryptons.api.requests import body, plain, query
from cryptons.api.views import ApiView
from cryptons.client import network_of
from cryptons.errors import NotFound, Unauthenticated
from cryptons.streams.following import follow
from orders import services
from orders.api import shapes
from orders.api.refusals import told_by_item
from orders.events import feed
from orders.models import Order
from orders.selectors import OrderFilters, get_order, order_for, order_state, orders_for, read_order_state, with_states
from orders.status import OrderStatus
from payments.api.shapes import PaymentShape, payment_data

_ADDRESS = {
    "fullName": "Ada Byron",
    "line1": "Mill Lane 12",
    "city": "Lisbon",
    "postalCode": "1100-148",
    "country": "PT",
}
_CANNOT = ["NOT_FOUND", "OUT_OF_STOCK", "INVALID_TRANSITION", "PAYMENT_METHOD_UNAVAILABLE", "RATE_UNAVAILABLE"]
_STREAM = """\
retry: 3000

id: 1760000000000000
event: order
data: {"orderId":"0199d3f0-5c1e-7c3a-9b1e-0f2a4f6d8e10","status":"pending","paymentStatus":"confirming",\
"payment":{"status":"seen","exception":null,"confirmations":0,"receivedBaseUnits":100000}}

: nothing new

"""
_NEW = {"cryptocurrency": "BTC", "shippingAddress": _ADDRESS, "note": "Ring twice"}


class Orders(ApiView):
    """Orders: one's own, or all of them for `orders:write`."""

    @described(gives=shapes.OrderShape, query=shapes.OrderQuery, paged=True)
    def get(self, request: Request) -> Response:
        """Answer with a page of orders, newest first."""
        sent = query(request, shapes.OrderQuery)
        cut = cut_of(sent)
        if sent.get("user") == "":
            return answer_page([], cut.meta(0))
        rows = orders_for(asker=user_of(request), filters=_filters(sent))
        total = rows.count()
        page = cut.of(with_states(rows), total)
        return answer_page([shapes.order_data(order_state(order)) for order in page], cut.meta(total))

    @described(
        takes=shapes.NewOrderShape, gives=shapes.OrderShape, status=201, idempotent=True, errors=_CANNOT, example=_NEW
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Place an order; answer 201 with where to pay it."""
        sent = body(request, shapes.NewOrderShape)
        items = _items(sent)
        with told_by_item(items):
            state = services.order_by_account(
                user=user_of(request),
                checkout_key=operation_key(request),
                coin=sent["cryptocurrency"],
                address=sent["shipping_address"],
                items=items,
                note=sent["note"],
                network=network_of(plain(request)),
            )
        return Response(shapes.order_data(state), status=201)


class OneOrder(ApiView):
    """An order, by its id or its number."""

    @described(gives=shapes.OrderShape)
    def get(self, request: Request, order_id: str) -> Response:
        """Answer with the order."""
        return Response(shapes.order_data(read_order_state(_seen(request, order_id))))


class Cancel(ApiView):
    """The end of an order that is not paid; for `orders:write` also of one that is."""

    @described(takes=shapes.NothingShape, gives=shapes.OrderShape, errors=["FORBIDDEN", "INVALID_TRANSITION"])
    def post(self, request: Request, order_id: str) -> Response:
        """Cancel the order and put its pieces back; answer with it."""
        body(request, shapes.NothingShape)
        order = _seen(request, order_id)
        return Response(_shown(services.cancel_order(order_id=order.pk, actor=user_of(request))))


class Status(ApiView):
    """Where an order stands."""

    access = {"PUT": "orders:write"}

    @described(
        takes=shapes.StatusShape,
        gives=shapes.OrderShape,
        errors=["INVALID_TRANSITION"],
        example={"status": "shipped", "trackingNumber": "RR123456785PT"},
    )
    def put(self, request: Request, order_id: str) -> Response:
        """Take the step that leads to the status; answer with the order."""
        sent = body(request, shapes.StatusShape)
        order = services.set_status(
            order_id=_seen(request, order_id).pk,
            actor=user_of(request),
            status=OrderStatus(sent["status"]),
            tracking_number=sent["tracking_number"],
            note=sent["note"],
        )
        return Response(_shown(order))


class Payment(ApiView):
    """What is to be paid for an order, and what came."""

    @described(gives=PaymentShape)
    def get(self, request: Request, order_id: str) -> Response:
        """Answer with the payment as it stands at this moment."""
        state = read_order_state(_seen(request, order_id)).payment
        if state is None:
            raise NotFound("This order has no payment.")
        return Response(payment_data(state))


class Events(ApiView):
    """What happens to an order, told while it happens."""

    renderer_classes = [EnvelopeRenderer, EventRenderer]

    @described(streams=_STREAM, headers=["Last-Event-ID"])
    def get(self, request: Request, order_id: str) -> HttpResponseBase:
        """Answer with how the order stands, or with what happened since `Last-Event-ID`, and go on with each change."""
        user, order = user_of(request), _seen(request, order_id)
        return follow(
            plain(request), feed=feed, key=order.pk, who=f"user:{user.pk}", allowed=_still_may_see(request, order)
        )


def _still_may_see(request: Request, order: Order) -> Callable[[], bool]:
    """Return the question whether the request's token would still be let in, and its user still see the order."""
    header, key = request.headers.get("Authorization", ""), str(order.pk)

    def ask() -> bool:
        try:
            order_for(asker=session_behind(header).user, key=key)
        except (Unauthenticated, NotFound):
            return False
        return True

    return ask


def _seen(request: Request, key: str) -> Order:
    return order_for(asker=user_of(request), key=key)


def _shown(order: Order) -> dict[str, Any]:
    """Return the order as it stands in the database now."""
    return shapes.order_data(read_order_state(get_order(order_id=order.pk)))


def _items(sent: dict[str, Any]) -> list[services.LineRequest] | None:
    items = sent.get("items")
    return None if items is None else [services.LineRequest(item["product_id"], item["quantity"]) for item in items]


def _filters(sent: dict[str, Any]) -> OrderFilters:
    user_id: UUID | None = sent.get("user")
    return OrderFilters(
        status=sent.get("status"),
        payment_status=sent.get("payment_status"),
        since=sent.get("since"),
        until=sent.get("until"),
        user_id=user_id,
    )
