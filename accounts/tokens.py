"""The links in e-mails: signed, expiring, each for one purpose. What is in them is no secret, only its signature is."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from cryptons import clock
from cryptons.errors import InvalidInput


class Purpose(StrEnum):
    """What a link may be used for; a link for one purpose is worthless for the other."""

    CONFIRM = "accounts.confirm_email"
    CHANGE = "accounts.change_email"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a link proves: whoever holds it reads the mailbox `email`. `browser` is the mark of the browser that asked for it."""

    user_id: UUID
    email: str
    browser: str = ""

    def asked_from(self, nonce: str) -> bool:
        """Return whether the browser that holds `nonce` asked for this link."""
        return bool(self.browser and nonce) and constant_time_compare(self.browser, browser_mark(nonce))


class DeadLink(InvalidInput):
    """The link was changed on its way, is too old, or something newer took its place."""

    def __init__(self) -> None:
        super().__init__("This link no longer works.")


def browser_mark(nonce: str) -> str:
    """Return what a link may carry of a browser's secret `nonce` without giving it away."""
    return salted_hmac("accounts.browser", nonce, algorithm="sha256").hexdigest()[:32]


def make_link_token(purpose: Purpose, claim: Claim) -> str:
    """Return the signed token for `claim`, good for `CONFIRM_EMAIL_DAYS` from now."""
    until = clock.now() + timedelta(days=settings.CONFIRM_EMAIL_DAYS)
    content = {"u": str(claim.user_id), "e": claim.email, "b": claim.browser, "x": int(until.timestamp())}
    return signing.dumps(content, salt=purpose, compress=True)


def read_link_token(purpose: Purpose, token: str) -> Claim:
    """Return what `token` claims. Raises DeadLink where it is forged, for another purpose, or too old."""
    try:
        content = signing.loads(token, salt=purpose)
    except signing.BadSignature as error:
        raise DeadLink from error
    if content["x"] < clock.now().timestamp():
        raise DeadLink
    return Claim(user_id=UUID(content["u"]), email=content["e"], browser=content["b"])


class ResetTokens(PasswordResetTokenGenerator):
    """The links that set a new password: each good until it was used, or the password was changed.

    Django's own also die when somebody signs in. Here somebody may hold an account on an address that is not theirs, as long as nobody
    confirms it; whatever they do with it (sign in, change the password) must not keep the mailbox's owner from taking it over.
    """

    key_salt = "accounts.reset_password"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        state = user.password if user.email_confirmed_at else "unconfirmed"
        return f"{user.pk}\n{state}\n{timestamp}\n{user.email}"


reset_tokens = ResetTokens()
