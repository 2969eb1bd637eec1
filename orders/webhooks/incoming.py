"""A message from outside that money moved. It decides nothing: all it does is make the store ask its own node sooner."""

from typing import Any
from uuid import UUID

import structlog
from django.conf import settings

from cryptons import clock
from cryptons.api import wire
from cryptons.api.fields import identifier
from cryptons.canonical import Spelling, members_of, spelled
from cryptons.errors import InvalidSignature, NotFound, ServiceUnavailable
from cryptons.signatures import is_header_good, is_signed
from orders.models import Order
from orders.numbers import canonical_number
from payments.tasks import look_soon

log = structlog.get_logger(__name__)

_SIGNED = ("data", "event")


def require_secret() -> None:
    """Let pass where a secret is configured. Raises ServiceUnavailable."""
    if not settings.WEBHOOK_SECRETS:
        raise ServiceUnavailable("This store takes no webhooks: no secret is configured.")


def read_signed(*, raw: bytes, header: str | None) -> Any:
    """Return what the body says, once its signature proved good: the header's over the body as it came, or without one its own.

    Raises InvalidSignature, and ParseError for what is not JSON or says something twice.
    """
    if header is not None and not is_header_good(
        header, raw, secrets=settings.WEBHOOK_SECRETS, now=clock.now().timestamp()
    ):
        raise InvalidSignature("The signature in the header is not that of this body, or its time is too far from now.")
    sent = wire.loads(raw)
    if header is None:
        _require_own_signature(sent, members_of(raw))
    return sent


def note_payment(*, key: str, event: str, transaction: str = "") -> None:
    """Have the node asked about the payment of the order `key` names: by its id, its number, or the id of its payment.

    Changes nothing by itself, so it may be repeated. Raises NotFound.
    """
    order = _order(key)
    asked = look_soon()
    log.info("webhook.received", order=order.number, webhook_event=event, transaction=transaction, asked=asked)


def _require_own_signature(sent: Any, members: dict[str, Spelling]) -> None:
    signature = sent.get("signature") if isinstance(sent, dict) else None
    if not isinstance(signature, str):
        raise InvalidSignature("The message is not signed, neither in the header nor in its body.")
    signed = spelled({name: members[name] for name in _SIGNED if name in members})
    if not is_signed([signature], signed.forms(), secrets=settings.WEBHOOK_SECRETS):
        raise InvalidSignature("The signature in the body is not that of its event and data.")


def _order(key: str) -> Order:
    try:
        order = _order_by_id(identifier(key))
    except NotFound:
        order = Order.objects.filter(number=canonical_number(key)).first()
    if order is None:
        raise NotFound("There is no such order.")
    return order


def _order_by_id(key: UUID) -> Order | None:
    by_payment = Order.objects.filter(payment_links__payment_id=key)
    return Order.objects.filter(pk=key).first() or by_payment.first()
