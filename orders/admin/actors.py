"""Who works in the admin site."""

from django.http import HttpRequest

from accounts.models import User


def actor_of(request: HttpRequest) -> User:
    """Return who is signed in. The admin lets nobody else in."""
    assert isinstance(request.user, User)  # noqa: S101 - tells the type checker what the admin made sure of
    return request.user
