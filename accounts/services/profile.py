"""What people change about themselves: names, the e-mail address, and whether they have an account at all."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.models import MailKind, User, canonical_email
from accounts.profile_forms import clean_profile
from accounts.services.addresses import save_address
from accounts.services.mail import queue_mail, queue_mail_on_request
from accounts.services.passwords import check_current_password
from accounts.services.sign_up import check_username
from accounts.tokens import DeadLink
from cryptons import clock, freshness
from cryptons.db import atomic, guarded_update
from cryptons.errors import AlreadyExists, Forbidden, InvalidInput

log = structlog.get_logger(__name__)

PROFILE_FIELDS = ("first_name", "last_name", "phone")


def update_profile(*, user: User, first_name: str, last_name: str, phone: str) -> User:
    """Store the user's names and phone number; return the user. Raises InvalidInput where one is too long."""
    return edit_account(user=user, profile={"first_name": first_name, "last_name": last_name, "phone": phone})


def edit_account(
    *,
    user: User,
    username: str | None = None,
    profile: Mapping[str, str] | None = None,
    address: Mapping[str, Any] | None = None,
) -> User:
    """Store what is given and leave the rest; return the user.

    `profile` may have any of PROFILE_FIELDS; `address` takes the place of the default one. Raises InvalidInput where a value breaks a
    rule, AlreadyExists where the user name is taken; then nothing was stored.
    """
    current = {name: getattr(user, name) for name in PROFILE_FIELDS}
    changes = clean_profile({**current, **(profile or {})}) | ({} if username is None else {"username": username})
    try:
        with atomic():
            _store(user, changes)
            if address is not None:
                _store_default(user, address)
    except IntegrityError as error:
        message = "This user name is taken."
        raise AlreadyExists(message, details=[{"field": "username", "message": message}]) from error
    user.refresh_from_db()
    return user


def _store(user: User, changes: Mapping[str, str]) -> None:
    draft = User(**changes)
    try:
        check_username(draft.username)
        draft.clean_fields(exclude={field.name for field in User._meta.fields} - set(changes))
    except ValidationError as error:
        details = [{"field": name, "message": text} for name, texts in error.message_dict.items() for text in texts]
        raise InvalidInput("The profile could not be stored.", details=details) from error
    guarded_update(User.objects.filter(pk=user.pk), **changes, updated_at=clock.now())
    if changes.get("username", user.username) != user.username:
        freshness.changed(freshness.NAMES)


def _store_default(user: User, address: Mapping[str, Any]) -> None:
    default = user.addresses.filter(is_default=True).first()
    if default is None:
        save_address(user=user, data=address, make_default=True)
    else:
        save_address(user=user, data=address, address_id=default.pk, label=default.label)


def request_email_change(*, user: User, new_email: str, password: str) -> None:
    """Queue a link to the new address; the old one stays in use until the link was followed, and older links die.

    An address that belongs to another account gets a note instead; the caller cannot tell the difference.
    Raises InvalidInput where the password is wrong or the address is the present one.
    """
    check_current_password(user=user, password=password, field="password")
    new_email = canonical_email(new_email)
    if new_email == user.email:
        message = "This is your address already."
        raise InvalidInput(message, details=[{"field": "email", "message": message}])
    owner = User.objects.filter(email=new_email).first()
    with atomic():
        User.objects.filter(pk=user.pk).update(pending_email=new_email, updated_at=clock.now())
        if owner is None:
            queue_mail_on_request(kind=MailKind.CONFIRM_CHANGE, to=new_email, user=user)
        else:
            queue_mail_on_request(kind=MailKind.ALREADY_REGISTERED, to=owner.email, user=owner)
    user.pending_email = new_email


def confirm_email_change(*, user: User, user_id: UUID, email: str) -> User:
    """Put the confirmed address `email` in the place of the old one and tell the old one; a second time changes nothing.

    `user` is who is signed in: the link alone is not enough, or its reader could be given an account of somebody else's making.
    Raises DeadLink where the link is another user's or another address was asked for since, AlreadyExists where it was taken.
    """
    if user.pk != user_id:
        raise DeadLink
    if user.email == email:
        return user
    try:
        with atomic():
            waiting = User.objects.filter(pk=user.pk, pending_email=email, email=user.email)
            now = clock.now()
            if not guarded_update(waiting, email=email, pending_email="", email_confirmed_at=now, updated_at=now):
                raise DeadLink
            queue_mail(kind=MailKind.ADDRESS_CHANGED, to=user.email, user=user, payload={"new": email})
    except IntegrityError as error:
        raise AlreadyExists("This address belongs to another account by now.") from error
    log.info("account.email_changed", user=str(user.pk))
    user.refresh_from_db()
    return user


def close_account(*, user: User, password: str) -> None:
    """Delete the user with address book, cart, wishlist and reviews; orders stay, without a user. Says so by e-mail.

    Raises InvalidInput where the password is wrong, Forbidden for staff, whose accounts are closed in the admin.
    """
    check_current_password(user=user, password=password, field="password")
    if user.is_staff:
        raise Forbidden("A staff account is closed by another member of the staff, in the admin.")
    key = str(user.pk)
    with atomic():
        queue_mail(kind=MailKind.ACCOUNT_CLOSED, to=user.email)
        user.delete()
    log.info("account.closed", user=key)
