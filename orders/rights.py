"""Who of the staff may change orders."""

from accounts.models import User
from cryptons.access import may
from cryptons.errors import Forbidden


def may_write(actor: User | None) -> bool:
    """Return whether `actor` holds `orders:write`, or the admin site's own permission to change orders, which is the same right."""
    return may(actor, "orders:write", "orders.change_order")


def require_write(actor: User | None) -> None:
    """Let `actor` pass where they may change orders. Raises Forbidden."""
    if not may_write(actor):
        raise Forbidden("You may not change orders.")
