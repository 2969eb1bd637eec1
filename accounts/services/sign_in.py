"""Signing in by e-mail address or user name, for interfaces without a browser's session."""

from django.contrib.auth import authenticate
from django.http import HttpRequest

from accounts import brake
from accounts.models import User, canonical_email, folded_username
from cryptons import clock
from cryptons.errors import InvalidCredentials, RateLimited


def sign_in(*, request: HttpRequest, login: str, password: str) -> User:
    """Return the user whose e-mail address or user name is `login`.

    One answer, after one password hash, for a wrong password, an unknown account and one that is closed: InvalidCredentials.
    Raises RateLimited while the brake on this account is on (`accounts.brake`). An address that is yet to be confirmed is no
    hindrance here: the contract hands out tokens at registration.
    """
    email = _email_of(login)
    wait = brake.wait(request, email)
    if wait:
        raise RateLimited(brake.too_many(wait), wait=wait)
    user = authenticate(request, username=email, password=password)
    if not isinstance(user, User):
        raise InvalidCredentials("E-mail address and password do not belong together.")
    brake.release(request, email)
    User.objects.filter(pk=user.pk).update(last_login=clock.now())
    return user


def _email_of(login: str) -> str:
    """Return the e-mail address of the user with this name; `login` itself where it is an address or nobody's name."""
    if "@" in login:
        return canonical_email(login)
    owner = User.objects.filter(username_folded=folded_username(login)).only("email").first()
    return owner.email if owner else login
