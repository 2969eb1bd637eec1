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

_OWN = "SECRET_KEY"
"""The word that names, as the previous key, the one made from SECRET_KEY: it signs as long as the store has no JWT_KEY."""


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
            said = _said(key, token)
        except TokenBackendExpiredToken as error:
            raise _expired() from error
        except TokenBackendError:
            continue
        if said.kind != kind.value:
            raise Unauthenticated("This token is for something else.")
        if said.expires_at <= clock.now().timestamp():
            raise _expired()
        return said.bearer
    raise Unauthenticated("This is not a token of this store.")


@dataclass(frozen=True, slots=True)
class _Said:
    """What is signed; `expires_at` is Unix time."""

    kind: str
    bearer: Bearer
    expires_at: float


@lru_cache(maxsize=2048)
def _said(key: str, token: str) -> _Said:
    """Return what `token` says where `key` signed it, which stays as it is; whether it has expired since is for the caller to see.

    Raises TokenBackendError, and Unauthenticated for what was signed and is none of our tokens. That is found out anew each time.
    """
    said: Any = _backend(key).decode(cast("Any", token))
    try:
        bearer = Bearer(UUID(said["userId"]), UUID(said["sid"]), UUID(said["jti"]))
        return _Said(str(said["typ"]), bearer, float(said["exp"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unauthenticated("This is not a token of this store.") from error


def _expired() -> TokenExpired:
    return TokenExpired("This token has expired. Get a new one.")


def _keys() -> list[str]:
    """Return the key that signs, and after it the one whose tokens are still good."""
    own = salted_hmac("accounts.bearer", "signing key", algorithm="sha256").hexdigest()
    previous = own if settings.JWT_PREVIOUS_KEY == _OWN else settings.JWT_PREVIOUS_KEY
    return [settings.JWT_KEY or own, *([previous] if previous else [])]


@lru_cache(maxsize=8)
def _backend(key: str) -> TokenBackend:
    return TokenBackend("HS256", signing_key=key)
