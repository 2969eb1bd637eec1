"""Signing in by e-mail address and password, wherever it is done: shop, admin, API."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts import brake
from accounts.models import User
from cryptons.access import in_the_admin


class EmailBackend(ModelBackend):
    """Django's own check (which hashes a password for unknown accounts too) behind the brake."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: Any = None,
        password: Any = None,
        **kwargs: Any,
    ) -> User | None:
        """Return the user whose address and password these are, else None. Raises PermissionDenied while the brake is on."""
        email = username if username is not None else kwargs.get(User.USERNAME_FIELD, "")
        if request is not None and not brake.may_try(request, email):
            raise PermissionDenied
        return super().authenticate(request, username=email, password=password)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return what the user holds, and for staff what follows from it in the admin."""
        held = super().get_all_permissions(user_obj, obj)
        return held | in_the_admin(held) if getattr(user_obj, "is_staff", False) else held
