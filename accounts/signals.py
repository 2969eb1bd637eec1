"""What happens when somebody signs in, whichever way, and when an account is written, by whomever."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import brake
from accounts.models import ApiSession, User
from accounts.topics import account_changed
from cryptons import clock


@receiver(user_logged_in)
def forget_tries(sender: object, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    """Take the brake off for who has just signed in."""
    if request is not None:
        brake.release(request, user.email)


@receiver([post_save, post_delete], sender=User)
def tell_of_the_account(instance: User, created: bool = False, **kwargs: Any) -> None:
    """Let nobody go on with what they remember of the account; of a new one nobody does."""
    if not created:
        account_changed(instance.pk)


@receiver(post_delete, sender=ApiSession)
def tell_of_the_session(instance: ApiSession, **kwargs: Any) -> None:
    """Let nobody use a session whose row was deleted. One that was over is used by nobody."""
    if instance.ended_at is None and instance.expires_at > clock.now():
        account_changed(instance.user_id)
