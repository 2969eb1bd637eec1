"""/api/webhooks: what watchers outside tell the store."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response

from cryptons.api.describe import described
from cryptons.api.envelope import JSON
from cryptons.api.fields import Flag, Number, Shape, Text, Whole
from cryptons.api.limits import Window
from cryptons.api.requests import plain
from cryptons.api.views import ANYONE, ApiView
from cryptons.client import network_of
from cryptons.errors import InvalidSignature, RateLimited
from cryptons.signatures import HEADER
from orders.webhooks import incoming

MOST_BYTES = 64 * 1024


class PaymentNewsShape(Shape):
    """What moved, as the sender sees it: a hint, and never believed. More than this may be said and is let be."""

    extensible = True

    order_id = Text(max_length=64)
    transaction_hash = Text(max_length=128, required=False, allow_blank=True, allow_null=True, default="")
    amount = Number(max_digits=30, decimal_places=12, required=False, allow_null=True)
    confirmations = Whole(required=False, allow_null=True)


class PaymentWebhookShape(Shape):
    """A signed message. `signature` is needed where the header has none: the HMAC-SHA256, in hex, of `{"data":…,"event":…}`."""

    extensible = True

    event = Text(max_length=100)
    news = PaymentNewsShape()
    signature = Text(max_length=128, required=False)

    def get_fields(self) -> dict[str, Any]:
        """Return the fields; `data` has a meaning of its own in a serializer."""
        fields = super().get_fields()
        fields["data"] = fields.pop("news")
        fields["data"].source = "news"
        return fields


class ReceivedShape(Shape):
    """That the message came."""

    example = {"received": True}

    received = Flag()


class PaymentWebhook(ApiView):
    """Where a watcher outside says that money moved. The store then asks its own node, and believes that alone."""

    access = {"POST": ANYONE}
    authentication_classes = []
    throttle_classes = []
    security: ClassVar[list[dict[str, list[str]]]] = [{"webhookSignature": []}, {}]

    @described(
        takes=PaymentWebhookShape,
        gives=ReceivedShape,
        errors=["INVALID_SIGNATURE", "NOT_FOUND"],
        example={
            "event": "payment.confirmed",
            "data": {
                "orderId": "7QK2-M9TD-4HXA",
                "transactionHash": "ab" * 32,
                "amount": 0.001,
                "confirmations": 6,
            },
            "signature": "0" * 64,
        },
    )
    def post(self, request: Request) -> Response:
        """Take note of a signed message; answer that it came, however often it comes."""
        incoming.require_secret()
        raw = _body(request)
        try:
            sent = incoming.read_signed(raw=raw, header=request.headers.get(HEADER))
        except (InvalidSignature, ParseError):
            self._count(request)
            raise
        shape = PaymentWebhookShape(data=sent)
        shape.is_valid(raise_exception=True)
        news = shape.validated_data["news"]
        incoming.note_payment(
            key=news["order_id"],
            event=shape.validated_data["event"],
            transaction=news["transaction_hash"] or "",
        )
        return Response({"received": True})

    def _count(self, request: Request) -> None:
        """Count a message that is not what it should be. A good one is never held up, whoever else sends from its address."""
        self._state = Window("webhook", network_of(plain(request)), *settings.RATELIMIT_WEBHOOK).count()
        if self._state.is_over:
            raise RateLimited("Too many messages without a good signature.", wait=self._state.reset)


def _body(request: Request) -> bytes:
    sent = plain(request)
    if sent.content_type not in {"", JSON}:
        raise UnsupportedMediaType(str(sent.content_type))
    size = sent.headers.get("Content-Length", "")
    if size.isdecimal() and int(size) > MOST_BYTES:
        raise RequestDataTooBig
    return sent.body
