"""The address book. A book that has addresses has exactly one default."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Case, Value, When

from accounts.models import Address, User
from accounts.postal_form import clean_label, clean_postal_address
from cryptons import clock
from cryptons.db import atomic, guarded_update
from cryptons.errors import InvalidInput, NotFound

MOST_ADDRESSES = 30
"""How many addresses one book may hold."""


def save_address(
    *,
    user: User,
    data: Mapping[str, Any],
    address_id: UUID | None = None,
    label: str = "",
    make_default: bool = False,
) -> Address:
    """Add an address, or change the one named; return it. The first of a book becomes its default.

    `data` has the columns of PostalAddress. Raises InvalidInput with a detail for each wrong field or where the book is full,
    NotFound where the user has no such address.
    """
    fields = clean_postal_address(data)
    label = clean_label(label)
    with atomic():
        _open_book(user)
        if address_id is None:
            address = _add(user, {**fields, "label": label})
        else:
            own = Address.objects.filter(pk=address_id, user=user)
            if not guarded_update(own, **fields, label=label, updated_at=clock.now()):
                raise _missing()
            address = own.get()
        if make_default or not user.addresses.filter(is_default=True).exists():
            _set_default(user, address.pk)
        address.refresh_from_db()
    return address


def delete_address(*, user: User, address_id: UUID) -> None:
    """Take an address out of the book; where it was the default the newest of the rest follows. Raises NotFound."""
    with atomic():
        _open_book(user)
        deleted, _ = Address.objects.filter(pk=address_id, user=user).delete()
        if not deleted:
            raise _missing()
        rest = user.addresses.order_by("-is_default", "-created_at", "-pk").first()
        if rest is not None and not rest.is_default:
            _set_default(user, rest.pk)


def make_default_address(*, user: User, address_id: UUID) -> None:
    """Make one address of the book its default. Raises NotFound."""
    with atomic():
        _open_book(user)
        if not Address.objects.filter(pk=address_id, user=user).exists():
            raise _missing()
        _set_default(user, address_id)


def _open_book(user: User) -> None:
    """Write to the user's row first: of two who change one book the second waits here, and then sees what the first wrote.

    Without this, two transactions that each look for "the other default" could both miss the other's.
    """
    if not guarded_update(User.objects.filter(pk=user.pk), updated_at=clock.now()):
        raise _missing()


def _add(user: User, fields: Mapping[str, str]) -> Address:
    if user.addresses.count() >= MOST_ADDRESSES:
        raise InvalidInput(f"An address book holds {MOST_ADDRESSES} addresses. Delete one you no longer need.")
    return Address.objects.create(user=user, **fields)


def _set_default(user: User, address_id: UUID) -> None:
    chosen = Case(When(pk=address_id, then=Value(True)), default=Value(False))
    user.addresses.update(is_default=chosen)


def _missing() -> NotFound:
    return NotFound("There is no such address in your address book.")
