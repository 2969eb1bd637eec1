"""What happened to an order as a story of events: for everybody who follows it, live or after having been away.

The story is read anew from the order, its payment and its history each time, so it is the same in every process and after every
restart. An event's id is the microsecond of what it tells of.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import Any
from uuid import UUID

from cryptons import clock
from cryptons.api import wire
from cryptons.streams.answer import Event, Story
from orders.models import Order, OrderEvent, OrderPayment
from orders.payment_status import OrderPaymentStatus, word_for
from orders.selectors import get_order, payment_of
from orders.status import OrderStatus
from payments.models import Payment
from payments.status import PaymentStatus

NAME = "order"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AT_ONCE = timedelta(seconds=1)
_TRIES = 3
_LATELY = timedelta(seconds=10)
"""What is written becomes visible with its commit, which may be this much later."""
_KINDS = ("payment", "moved", "placed")


@dataclass(frozen=True, slots=True)
class Shown:
    """What an event says of an order: its status, and its payment's status, exception ("" for none), confirmations and satoshi."""

    status: str = OrderStatus.PENDING.value
    payment: tuple[str, str, int, int] | None = (PaymentStatus.NEW.value, "", 0, 0)

    def data(self, order_id: UUID) -> bytes:
        """Return the event's data: `EventShape` in JSON."""
        told: dict[str, Any] = {"orderId": str(order_id), "status": self.status}
        if self.payment is None:
            return wire.dumps({**told, "paymentStatus": OrderPaymentStatus.UNPAID.value, "payment": None})
        status, exception, confirmations, received = self.payment
        payment = {
            "status": status,
            "exception": exception or None,
            "confirmations": confirmations,
            "receivedBaseUnits": received,
        }
        return wire.dumps({**told, "paymentStatus": word_for(status, exception).value, "payment": payment})


class OrderFeed:
    """The events of orders."""

    def written(self) -> Collection[UUID]:
        """Return the orders that were written, or whose payment was, in the last seconds. Two queries, each by an index on the moment."""
        since = clock.now() - _LATELY
        paid = OrderPayment.objects.filter(payment__updated_at__gt=since).order_by().values_list("order_id", flat=True)
        return {*Order.objects.filter(updated_at__gt=since).order_by().values_list("pk", flat=True), *paid}

    def marks(self, keys: Collection[UUID]) -> Mapping[UUID, Hashable]:
        """Return for each order what changes with every write to it or to its payment. One query, by key."""
        found: dict[UUID, frozenset[tuple[object, ...]]] = {}
        columns = ("pk", "updated_at", "payment_links__payment_id", "payment_links__payment__version")
        for key, *written in Order.objects.filter(pk__in=keys).order_by().values_list(*columns):
            # An order has one payment; should a hand have made a second one, both count.
            found[key] = found.get(key, frozenset()) | {tuple(written)}
        return found

    def story(self, key: UUID) -> Story:
        """Return what happened to an order. Raises NotFound."""
        mark = self.marks([key]).get(key)
        for _ in range(_TRIES):
            order = get_order(order_id=key)
            payment = payment_of(order=order)
            history = list(OrderEvent.objects.filter(order=order, kind__in=_KINDS).order_by("created_at", "id"))
            before, mark = mark, self.marks([key]).get(key)
            if before == mark:
                break  # nobody wrote meanwhile, so the three belong together
        return Story(mark, _told(order, payment, history))


feed = OrderFeed()


def _told(order: Order, payment: Payment | None, history: list[OrderEvent]) -> list[Event]:
    """Return the states the order went through, each once, ending with the one it is in."""
    now, written_at = _now(order, payment), max(order.updated_at, payment.updated_at if payment else order.updated_at)
    past = list(_states(history))
    if past and past[-1][1].status == now.status:
        # The present stands for it: it also has what left no line in the history, such as confirmations.
        written_at = max(written_at, past.pop()[0])
    events: list[Event] = []
    for moment, shown in [*past, (written_at, now)]:
        number, data = _number(moment), shown.data(order.pk)
        if not events:
            events.append(Event(number, NAME, data))
        elif events[-1].data != data:
            events.append(Event(max(number, events[-1].id + 1), NAME, data))
    # At least as young as the last write: a state that comes back has another id than the first time.
    return [*events[:-1], replace(events[-1], id=max(events[-1].id, _number(written_at)))]


def _states(history: list[OrderEvent]) -> Iterator[tuple[datetime, Shown]]:
    """Return when the order was in which state. What one transaction wrote as two lines is one state."""
    shown = Shown()
    for event, following in zip_longest(history, history[1:]):
        if event.to_status:
            shown = replace(shown, status=event.to_status)
        if event.kind == "payment":
            _, status, exception, received = event.data["state"]
            deep = int(event.data.get("confirmations", 0))
            shown = replace(shown, payment=(status, exception, deep, received))
        if following is None or not _moves_at_once(event, following):
            yield event.created_at, shown


def _moves_at_once(event: OrderEvent, following: OrderEvent) -> bool:
    """Return whether `following` is the move that the payment's news, `event`, made the store take."""
    by_itself = event.kind == "payment" and following.kind == "moved" and following.actor_id is None
    return by_itself and following.created_at - event.created_at < _AT_ONCE


def _now(order: Order, payment: Payment | None) -> Shown:
    if payment is None:
        return Shown(order.status, None)
    return Shown(order.status, (payment.status, payment.exception, payment.confirmations, payment.received))


def _number(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)
