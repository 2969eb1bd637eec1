"""New accounts, and the proof that an e-mail address is its owner's.

A sign-up page must not tell whether an address has an account, and nobody may prepare an account on somebody else's address and
wait for the owner to confirm it. So a new account can be used only by whoever holds the link from the mailbox AND either the
browser that signed up or the password chosen there.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.models import MailKind, User, canonical_email
from accounts.profile_forms import clean_profile
from accounts.services.addresses import save_address
from accounts.services.mail import queue_mail_on_request
from accounts.tokens import DeadLink, browser_mark
from cryptons import clock
from cryptons.db import atomic, guarded_update
from cryptons.errors import AlreadyExists, InvalidInput

log = structlog.get_logger(__name__)


def register(
    *,
    email: str,
    password: str,
    username: str = "",
    profile: Mapping[str, str] | None = None,
    address: Mapping[str, Any] | None = None,
    nonce: str = "",
) -> User:
    """Make an account whose e-mail address is yet to be confirmed, and queue the link for it; return the user.

    `profile` may have first_name, last_name and phone; `address` begins the address book. `nonce` is the secret of the browser that
    asks ("" for none): it may confirm without the password. Without a `username` one is derived. Raises AlreadyExists where the
    e-mail address or the user name is taken, InvalidInput where a value breaks a rule.
    """
    fields = clean_profile(profile or {}) | ({"username": username} if username else {})
    candidate = User(email=canonical_email(email), **fields)
    _check(candidate, password, without_username=not username)
    try:
        with atomic():
            user = User.objects.create_user(candidate.email, password, **fields)
            if address is not None:
                save_address(user=user, data=address)
            _queue_link(user, nonce)
    except IntegrityError as error:
        raise _taken(candidate.email) from error
    log.info("account.registered", user=str(user.pk))
    return user


def sign_up(*, email: str, password: str, nonce: str) -> None:
    """Do what a sign-up page does for any address: what leaves is an e-mail, and the caller learns nothing.

    A new address gets an account and its link, an unconfirmed one its link again, a confirmed one a note that it has an account.
    Each way hashes one password. Raises InvalidInput where a value breaks a rule, whoever the address belongs to: a rule that is
    looked at for new addresses only would tell them from the others.
    """
    _check(User(email=canonical_email(email)), password, without_username=True)
    user = User.objects.filter(email=canonical_email(email)).first()
    if user is None:
        try:
            register(email=email, password=password, nonce=nonce)
        except AlreadyExists:
            log.info(
                "account.sign_up_raced"
            )  # the other of two simultaneous tries made the account and queued its link
    elif user.email_confirmed_at is None and user.is_active:
        # Only who knows the password that the waiting account has may confirm without typing it.
        _queue_link(user, nonce if user.check_password(password) else "")
    else:
        make_password(password)
        if user.is_active:
            queue_mail_on_request(kind=MailKind.ALREADY_REGISTERED, to=user.email, user=user)


def confirm_email(*, user_id: UUID, email: str) -> User:
    """Take `email` as proven to be the user's; a second time changes nothing. Raises DeadLink where the address is another by now."""
    waiting = User.objects.filter(pk=user_id, email=email, is_active=True, email_confirmed_at=None)
    if guarded_update(waiting, email_confirmed_at=clock.now()):
        log.info("account.confirmed", user=str(user_id))
    user = User.objects.filter(pk=user_id, email=email, is_active=True).first()
    if user is None:
        raise DeadLink
    return user


def _queue_link(user: User, nonce: str) -> None:
    payload = {"browser": browser_mark(nonce)} if nonce else {}
    queue_mail_on_request(kind=MailKind.CONFIRM, to=user.email, user=user, payload=payload)


def _check(candidate: User, password: str, *, without_username: bool) -> None:
    exclude = {"password"} | ({"username"} if without_username else set())
    try:
        check_username(candidate.username)
        candidate.clean_fields(exclude=exclude)
        validate_password(password, candidate)
    except ValidationError as error:
        raise InvalidInput("The account could not be made.", details=_details(error)) from error


def check_username(username: str) -> None:
    """Refuse a user name that could be read as somebody's e-mail address where either signs in. Raises ValidationError."""
    if "@" in username:
        raise ValidationError({"username": "Choose a user name without the character @."})


def _details(error: ValidationError) -> list[dict[str, str]]:
    by_field = error.message_dict if hasattr(error, "error_dict") else {"password": error.messages}
    return [{"field": field, "message": message} for field, messages in by_field.items() for message in messages]


def _taken(email: str) -> AlreadyExists:
    if User.objects.filter(email=email).exists():
        return AlreadyExists(
            "There is an account with this e-mail address.",
            details=[{"field": "email", "message": "There is an account with this e-mail address."}],
        )
    return AlreadyExists(
        "This user name is taken.", details=[{"field": "username", "message": "This user name is taken."}]
    )
