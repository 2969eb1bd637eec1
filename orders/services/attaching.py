"""Orders that were placed as a guest find their owner."""

from accounts.models import User
from cryptons import clock
from orders.models import Order


def attach_guest_orders(*, user: User) -> int:
    """Give a user the guest orders of their e-mail address, once that address is proven to be theirs; return how many."""
    if user.email_confirmed_at is None:
        return 0
    return Order.objects.filter(user=None, email=user.email).update(user=user, updated_at=clock.now())
