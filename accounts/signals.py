"""What happens when somebody signs in, whichever way."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import brake
from accounts.models import User


@receiver(user_logged_in)
def forget_tries(sender: object, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    """Take the brake off for who has just signed in."""
    if request is not None:
        brake.release(request, user.email)
