"""What orders do when something happens elsewhere."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from accounts.models import User
from orders.services import attach_guest_orders


@receiver(user_logged_in)
def find_guest_orders(sender: object, user: User, **kwargs: Any) -> None:
    """Bring what somebody ordered as a guest into the account they have just signed in to."""
    attach_guest_orders(user=user)
