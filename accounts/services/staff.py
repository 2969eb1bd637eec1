"""The first member of the staff."""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError

from accounts.models import User, canonical_email
from cryptons.db import atomic
from cryptons.errors import AlreadyExists, InvalidInput


@dataclass(frozen=True, slots=True)
class FirstAdmin:
    """The account made by `ensure_admin`. `password` is "" where it was given and so is known already."""

    email: str
    password: str


def ensure_admin(*, email: str, password: str = "") -> FirstAdmin | None:
    """Make a superuser where there is none, with a random password unless one is given; None where there is one.

    Raises InvalidInput where the address is none (or, in production, the password is weak), AlreadyExists where the address
    belongs to a shopper, who is not made staff by a restart.
    """
    if User.objects.filter(is_superuser=True, is_active=True).exists():
        return None
    _check(email, password)
    chosen = password or secrets.token_urlsafe(12)
    try:
        with atomic():
            user = User.objects.create_superuser(email, chosen, first_name="Store", last_name="Admin")
    except IntegrityError as error:
        if User.objects.filter(email=canonical_email(email), is_superuser=True).exists():
            return None  # a second start at the same moment was first
        raise AlreadyExists(f"{email} has an account that is not staff. Choose another ADMIN_EMAIL.") from error
    return FirstAdmin(email=user.email, password="" if password else chosen)


def _check(email: str, password: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidInput(f"ADMIN_EMAIL: {email!r} is not an e-mail address.") from error
    if not password or not settings.PRODUCTION:
        return
    try:
        validate_password(password, User(email=email))
    except ValidationError as error:
        raise InvalidInput("ADMIN_PASSWORD: " + " ".join(error.messages)) from error
