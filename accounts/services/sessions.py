"""Sessions of the API: opened by signing in, renewed by a refresh token, ended by their owner or by a new password.

Who a token belongs to costs one look into what this process remembers (`remembering`), or one query by key. Whatever ends a session or
closes an account counts from the next request on, in every process and on every database.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.utils.crypto import constant_time_compare

from accounts.bearer import Bearer, Kind, read, sign
from accounts.models import ApiSession, User
from accounts.services.remembering import remember, remembered
from accounts.topics import account_changed
from cryptons import clock, freshness
from cryptons.db import atomic, guarded_update, uuid7
from cryptons.errors import NotFound, TokenExpired, TokenRevoked

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What somebody holds after signing in: `access` opens doors for a day, `refresh` is good for new tokens once."""

    access: str
    refresh: str
    session_id: UUID


def open_session(*, user: User, device: str = "") -> Tokens:
    """Open a session for `user`, who has just proven who they are; `device` is what the owner will know it by."""
    shown = "".join(sign for sign in device if sign.isprintable())[:200]
    mark = user.get_session_auth_hash()
    session = ApiSession.objects.create(user=user, device=shown, password_mark=mark, expires_at=_until())
    log.info("session.opened", user=str(user.pk), session=str(session.pk))
    return _tokens(user, session)


def refresh_session(*, token: str) -> Tokens:
    """Return new tokens for a refresh token, which is used up by it.

    Of several who use it at once one gets new tokens. A token used before may have been stolen, and nobody can tell whose hands
    the newer one is in: the session ends. Raises Unauthenticated, TokenExpired, TokenRevoked.
    """
    bearer = read(Kind.REFRESH, token)
    session = _read(bearer)
    following, until = uuid7(), _until()
    unused = ApiSession.objects.filter(pk=session.pk, refresh_id=bearer.token_id, ended_at=None)
    with atomic():
        renewed = guarded_update(unused, refresh_id=following, used_at=clock.now(), expires_at=until)
        if renewed:
            account_changed(session.user_id)
    if not renewed:
        end_session(user=session.user, session_id=session.pk)
        log.warning("session.token_reused", user=str(session.user_id), session=str(session.pk))
        raise TokenRevoked("This token was used before. For safety its session has ended: sign in again.")
    session.refresh_id, session.expires_at = following, until
    return _tokens(session.user, session)


def session_of(bearer: Bearer) -> ApiSession:
    """Return the live session, with its user, that a token belongs to. Raises TokenRevoked, TokenExpired."""
    state = freshness.lasting_state()
    session = remembered(bearer.session_id, state)
    if session is None or session.user_id != bearer.user_id or session.expires_at <= clock.now():
        session = _read(bearer)
        remember(session, state)
    return session


def _read(bearer: Bearer) -> ApiSession:
    session = ApiSession.objects.select_related("user").filter(pk=bearer.session_id, user_id=bearer.user_id).first()
    if session is None or session.ended_at is not None or not _is_good(session):
        raise TokenRevoked("This session has ended. Sign in again.")
    if session.expires_at <= clock.now():
        raise TokenExpired("This session has expired. Sign in again.")
    return session


def sessions_of(*, user: User) -> list[ApiSession]:
    """Return the user's live sessions, the one used last first."""
    return list(ApiSession.objects.filter(user=user, ended_at=None, expires_at__gt=clock.now()))


def end_session(*, user: User, session_id: UUID) -> None:
    """End one of the user's sessions, its access tokens included; a second time changes nothing. Raises NotFound."""
    own = ApiSession.objects.filter(pk=session_id, user=user)
    with atomic():
        ended = guarded_update(own.filter(ended_at=None), ended_at=clock.now())
        if ended:
            account_changed(user.pk)
    if ended:
        log.info("session.ended", user=str(user.pk), session=str(session_id))
    elif not own.exists():
        raise NotFound("There is no such session.")


def end_all_sessions(*, user: User) -> int:
    """End every session of the user; return how many there were."""
    with atomic():
        account_changed(user.pk)
        return ApiSession.objects.filter(user=user, ended_at=None).update(ended_at=clock.now())


def _is_good(session: ApiSession) -> bool:
    """Return whether the user may still sign in, with the password that opened the session."""
    user = session.user
    return user.is_active and constant_time_compare(session.password_mark, user.get_session_auth_hash())


def _tokens(user: User, session: ApiSession) -> Tokens:
    until = min(clock.now() + timedelta(seconds=settings.ACCESS_TOKEN_SECONDS), session.expires_at)
    access = Bearer(user.pk, session.pk, uuid7())
    refresh = Bearer(user.pk, session.pk, session.refresh_id)
    return Tokens(
        access=sign(Kind.ACCESS, user=user, bearer=access, expires_at=until),
        refresh=sign(Kind.REFRESH, user=user, bearer=refresh, expires_at=session.expires_at),
        session_id=session.pk,
    )


def _until() -> datetime:
    return clock.now() + timedelta(days=settings.REFRESH_TOKEN_DAYS)
