"""Moving an order on by the name of the status it shall have."""

from uuid import UUID

from accounts.models import User
from cryptons.db import atomic
from cryptons.errors import InvalidInput, InvalidTransition
from orders.models import Order
from orders.rights import require_write
from orders.selectors import get_order
from orders.services.decisions import cancel_order, deliver, ship
from orders.services.moves import record
from orders.status import OrderStatus, may_move


def set_status(
    *, order_id: UUID, actor: User | None, status: OrderStatus, tracking_number: str = "", note: str = ""
) -> Order:
    """Take the step that leads to `status`: ship, deliver or cancel. `note` is the reason of a cancellation, else a word among staff.

    Raises InvalidTransition where no step leads there (an order is prepared when its payment is settled or accepted, never by
    itself), InvalidInput for a tracking number of what is not shipped, Forbidden, NotFound; nothing is changed then.
    """
    require_write(actor)
    with atomic():
        order = get_order(order_id=order_id)
        _require_move(order, status)
        if tracking_number and status != OrderStatus.SHIPPED:
            message = "A tracking number belongs to an order that is being shipped."
            raise InvalidInput(message, details=[{"field": "tracking_number", "message": message}])
        if status == OrderStatus.CANCELLED:
            return cancel_order(order_id=order_id, actor=actor, reason=note)
        if status == OrderStatus.SHIPPED:
            order = ship(order_id=order_id, actor=actor, tracking_number=tracking_number)
        else:
            order = deliver(order_id=order_id, actor=actor)
        if note:
            record(order, "note", note[:300], actor=actor, is_public=False)
    return order


def _require_move(order: Order, status: OrderStatus) -> None:
    if status == OrderStatus.PROCESSING and order.status == OrderStatus.PENDING:
        raise InvalidTransition(
            "An order is prepared once its payment is settled or was accepted. Accept its payment first."
        )
    if status == OrderStatus.PENDING or not may_move(order.status, status):
        raise InvalidTransition(f"An order that is “{order.get_status_display()}” cannot become “{status.label}”.")
