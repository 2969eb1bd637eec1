"""Passwords: changed by who knows the old one, reset by who reads the mailbox. Either ends every other session of the user.

(A session carries an HMAC of the password hash, `SESSION_AUTH_HASH`; with another hash it is no longer anybody's.)
"""

import structlog
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import F
from django.db.models.functions import Coalesce

from accounts.models import MailKind, User
from accounts.services.mail import queue_mail, queue_mail_on_request
from accounts.services.sessions import end_all_sessions
from accounts.tokens import DeadLink
from cryptons import clock
from cryptons.db import atomic, guarded_update
from cryptons.errors import InvalidInput, InvalidTransition

log = structlog.get_logger(__name__)


def check_current_password(*, user: User, password: str, field: str = "old_password") -> None:
    """Make sure that `password` is the user's own. Raises InvalidInput naming `field`."""
    if not user.check_password(password):
        message = "This is not your current password."
        raise InvalidInput(message, details=[{"field": field, "message": message}])


def change_password(*, user: User, old_password: str, new_password: str) -> None:
    """Set a new password for a signed-in user and tell them by e-mail.

    Raises InvalidInput where the old one is wrong or the new one breaks a rule, InvalidTransition where another change was first.
    """
    check_current_password(user=user, password=old_password)
    if not _replace_password(user, new_password):
        raise InvalidTransition("The password was changed somewhere else at the same moment. Sign in again.")


def request_reset(*, email: str) -> None:
    """Queue a link to set a new password. Does the same whoever asks: whether the address has an account is seen at delivery."""
    queue_mail_on_request(kind=MailKind.RESET, to=email)


def reset_password(*, user: User, new_password: str) -> None:
    """Set a new password for who holds a valid reset link of `user`; the link proves the mailbox, so the address counts as confirmed.

    Raises InvalidInput where the password breaks a rule, DeadLink where the link was used a moment ago.
    """
    if not _replace_password(user, new_password, proves_mailbox=True):
        raise DeadLink


def _replace_password(user: User, new_password: str, *, proves_mailbox: bool = False) -> bool:
    """Put the new hash in the place of the one that was checked; false where somebody else's took that place."""
    try:
        validate_password(new_password, user)
    except ValidationError as error:
        details = [{"field": "new_password", "message": message} for message in error.messages]
        raise InvalidInput("Choose another password.", details=details) from error
    hashed = make_password(new_password)
    confirmed = Coalesce(F("email_confirmed_at"), clock.now()) if proves_mailbox else F("email_confirmed_at")
    with atomic():
        same = User.objects.filter(pk=user.pk, password=user.password)
        if not guarded_update(same, password=hashed, email_confirmed_at=confirmed, updated_at=clock.now()):
            return False
        end_all_sessions(user=user)
        queue_mail(kind=MailKind.PASSWORD_CHANGED, to=user.email, user=user)
    log.info("account.password_changed", user=str(user.pk), by_reset=proves_mailbox)
    user.refresh_from_db()
    return True
