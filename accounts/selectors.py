"""What may be read about accounts."""

from uuid import UUID

from accounts.models import Address, User
from cryptons.errors import NotFound


def addresses_of(*, user: User) -> list[Address]:
    """Return the user's address book, the default first."""
    return list(Address.objects.filter(user=user))


def address_of(*, user: User, address_id: UUID) -> Address:
    """Return one address of the user's book. Raises NotFound where it is not there, or somebody else's."""
    address = Address.objects.filter(pk=address_id, user=user).first()
    if address is None:
        raise NotFound("There is no such address in your address book.")
    return address
