"""Finishes or undoes what a crash left half done. Each finding is settled by the same services that everybody uses."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta

import structlog
from django.db import InterfaceError, OperationalError
from django.db.models import Q

from cryptons import clock
from cryptons.db import atomic
from cryptons.errors import DomainError, PaymentMethodUnavailable
from cryptons.pages import keys_of
from orders.models import Order
from orders.selectors import payment_of
from orders.services.following import follow_payment, present_state
from orders.services.moves import cancel, release_stock
from orders.status import OrderStatus
from payments import services as payments
from payments.models import Payment
from payments.status import PaymentStatus

log = structlog.get_logger(__name__)

_AT_ONCE = 100
# A request that is still at work must not be swept away under its feet.
_LEAVE_ALONE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SweepReport:
    """How many orders were brought back in order, by what was found."""

    stock_returned: int = 0
    unpayable_cancelled: int = 0
    addresses_made: int = 0
    brought_into_step: int = 0

    def __bool__(self) -> bool:
        return any(asdict(self).values())


def sweep() -> SweepReport:
    """Look for everything a crash can leave, at most 100 of a kind, and put it right. Safe at any time and any number at once."""
    return SweepReport(
        stock_returned=_each(_cancelled_with_stock(), _return_stock),
        unpayable_cancelled=_each(_without_payment(), _cancel_unpayable),
        brought_into_step=_each(_out_of_step(), _bring_into_step),
        addresses_made=_make_addresses(),
    )


def _each(orders: Iterable[Order], put_right: Callable[[Order], bool]) -> int:
    """Put each order right in a transaction of its own, so that one that resists holds up no other; return how many were."""
    done = 0
    for order in orders:
        try:
            with atomic():
                done += put_right(order)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            # Whatever is wrong with this order must not keep the others from being put right; it is looked at again next time.
            log.exception("sweep.failed", order=order.number)
    return done


def _cancelled_with_stock() -> Iterable[Order]:
    # Django writes `stock_held=True` as the bare column, for which SQLite uses no index. PostgreSQL expects many such orders where there is
    # hardly ever one, and would look at all of them; their keys it reads off the index.
    found = Order.objects.filter(status=OrderStatus.CANCELLED, stock_held__in=[True]).order_by()
    return Order.objects.filter(pk__in=keys_of(found, 0, _AT_ONCE)).order_by()


def _return_stock(order: Order) -> bool:
    log.warning("sweep.stock_returned", order=order.number)
    return release_stock(order)


def _without_payment() -> Iterable[Order]:
    old = clock.now() - _LEAVE_ALONE
    return Order.objects.filter(status=OrderStatus.PENDING, payment_links__isnull=True, created_at__lt=old)[:_AT_ONCE]


def _cancel_unpayable(order: Order) -> bool:
    log.warning("sweep.unpayable", order=order.number)
    return cancel(order, "Cancelled, as no payment could be set up for it.", topic="cancelled")


def _out_of_step() -> Iterable[Order]:
    """Return orders whose payment says something else than they do."""
    pending = Order.objects.filter(status=OrderStatus.PENDING)
    dead = [PaymentStatus.EXPIRED, PaymentStatus.INVALID]
    settled = Q(payment_links__payment__status=PaymentStatus.SETTLED)
    over = Q(payment_links__payment__status__in=dead, payment_links__payment__exception="")
    unsettled = Q(payment_links__payment__status__in=[*dead, PaymentStatus.NEW, PaymentStatus.SEEN])
    # What is shipped cannot be held back any more, and there is ever more of it; the listener has told staff about that.
    prepared = Order.objects.filter(status=OrderStatus.PROCESSING, attention="")
    for orders, found in ((pending, settled), (pending, over), (prepared, unsettled)):
        # The alternative that is never true keeps the joins outer ones, so that the database begins with the orders, of which few are
        # on their way, and not with all payments that were ever made.
        yield from orders.filter(found | Q(pk__in=[]))[:_AT_ONCE]


def _bring_into_step(order: Order) -> bool:
    payment = payment_of(order=order)
    if payment is None or not payments.hold(payment=payment):
        return False  # whoever changes it now brings the order along
    follow_payment(update=present_state(payment))
    before = order.status, order.attention
    order.refresh_from_db()
    moved = (order.status, order.attention) != before
    if moved:
        log.warning("sweep.into_step", order=order.number, status=order.status, payment=str(payment.pk))
    return moved


def _make_addresses() -> int:
    """Ask the node for the addresses that are missing; where it does not answer, leave the rest for the next round."""
    now = clock.now()
    waiting = Payment.objects.filter(
        status=PaymentStatus.NEW,
        options__isnull=True,
        order_link__order__status=OrderStatus.PENDING,
        expires_at__gt=now,
        created_at__lt=now - timedelta(seconds=10),
    ).order_by("created_at")
    made = 0
    for payment in waiting[:_AT_ONCE]:
        try:
            payments.provision(payment_id=payment.pk)
        except PaymentMethodUnavailable as error:
            log.warning("sweep.node_unavailable", payment=str(payment.pk), error=error.message)
            break
        except DomainError as error:
            log.warning("sweep.no_address", payment=str(payment.pk), error=error.message)
        else:
            made += 1
    return made
