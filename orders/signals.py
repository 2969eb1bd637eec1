"""What orders do when something happens elsewhere."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from accounts.models import User
from orders.models import WebhookEndpoint
from orders.services import attach_guest_orders
from orders.webhooks.listening import endpoints_changed


@receiver(user_logged_in)
def find_guest_orders(sender: object, user: User, **kwargs: Any) -> None:
    """Bring what somebody ordered as a guest into the account they have just signed in to."""
    attach_guest_orders(user=user)


@receiver([post_save, post_delete], sender=WebhookEndpoint)
def tell_of_endpoints(sender: object, **kwargs: Any) -> None:
    """Let nobody go on with what they remember of who listens."""
    endpoints_changed()
