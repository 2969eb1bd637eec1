"""What may be read about accounts."""

from uuid import UUID

from accounts.models import Address, User
from accounts.tokens import Claim, DeadLink
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


def user_of_link(claim: Claim) -> User:
    """Return the active user whose present address a link claims. Raises DeadLink where there is none (any more)."""
    user = User.objects.filter(pk=claim.user_id, email=claim.email, is_active=True).first()
    if user is None:
        raise DeadLink
    return user
