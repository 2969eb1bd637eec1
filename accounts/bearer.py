"""The API's tokens: signed (HS256), for one session, either to get in (access) or to get new ones (refresh).

What a token says is only believed together with its session's row (`accounts.services.sessions`), which ends it at once.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenBackendExpiredToken

from accounts.models import User
from cryptons import clock
from cryptons.errors import TokenExpired, Unauthenticated


class Kind(StrEnum):
    """What a token is for; one is worthless in the place of the other."""

    ACCESS = "access"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True)
class Bearer:
    """What a token says: whose it is, of which session, and its own id."""

    user_id: UUID
    session_id: UUID
    token_id: UUID


def role_of(user: User) -> str:
    """Return the role as the contract knows it: `admin` for staff, else `user`."""
    return "admin" if user.is_staff else "user"


def sign(kind: Kind, *, user: User, bearer: Bearer, expires_at: datetime) -> str:
    """Return the signed token."""
    said: dict[str, Any] = {
        "userId": str(user.pk),
        "typ": kind.value,
        "sid": str(bearer.session_id),
        "jti": str(bearer.token_id),
        "iat": int(clock.now().timestamp()),
        "exp": int(expires_at.timestamp()),
    }
    if kind is Kind.ACCESS:
        said |= {"email": user.email, "role": role_of(user)}
    return _backend(_keys()[0]).encode(said)


def read(kind: Kind, token: str) -> Bearer:
    """Return what `token` says. Raises TokenExpired, and Unauthenticated for what we did not sign for this purpose."""
    for key in _keys():
        try:
            return _bearer(kind, _backend(key).decode(cast("Any", token)))
        except TokenBackendExpiredToken as error:
            raise TokenExpired("This token has expired. Get a new one.") from error
        except TokenBackendError:
            continue
    raise Unauthenticated("This is not a token of this store.")


def _bearer(kind: Kind, said: Any) -> Bearer:
    try:
        if said["typ"] != kind.value:
            raise Unauthenticated("This token is for something else.")
        return Bearer(UUID(said["userId"]), UUID(said["sid"]), UUID(said["jti"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unauthenticated("This is not a token of this store.") from error


def _keys() -> list[str]:
    """Return the key that signs, and after it the one whose tokens are still good."""
    derived = salted_hmac("accounts.bearer", "signing key", algorithm="sha256").hexdigest()
    return [settings.JWT_KEY or derived, *([settings.JWT_PREVIOUS_KEY] if settings.JWT_PREVIOUS_KEY else [])]


@lru_cache(maxsize=8)
def _backend(key: str) -> TokenBackend:
    return TokenBackend("HS256", signing_key=key)
