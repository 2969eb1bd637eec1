"""What /auth takes and answers."""

from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework.serializers import SerializerMethodField

from accounts.bearer import role_of
from accounts.models import User
from cryptons.api.fields import Choice, Moment, Secret, Shape, Text, told


class AddressShape(Shape):
    """A postal address; what may stand in it is checked by `accounts.postal_form.clean_postal_address`."""

    full_name = Text(max_length=120)
    line1 = Text(max_length=200)
    line2 = Text(max_length=200, required=False, allow_blank=True, allow_null=True)
    city = Text(max_length=100)
    region = Text(max_length=100, required=False, allow_blank=True, allow_null=True)
    postal_code = Text(max_length=20)
    country = Text(max_length=2)
    phone = Text(max_length=40, required=False, allow_blank=True, allow_null=True)


class ShownAddressShape(Shape):
    """A postal address as it is stored; what was not given is an empty text."""

    example = {
        "fullName": "Ada Byron",
        "line1": "Mill Lane 12",
        "line2": "",
        "city": "Lisbon",
        "region": "",
        "postalCode": "1100-148",
        "country": "PT",
        "phone": "",
    }

    full_name = Text()
    line1 = Text()
    line2 = Text()
    city = Text()
    region = Text()
    postal_code = Text()
    country = Text()
    phone = Text()


class ProfileEditShape(Shape):
    """What somebody says about themselves: each part may be left out."""

    first_name = Text(max_length=80, required=False, allow_blank=True)
    last_name = Text(max_length=80, required=False, allow_blank=True)
    phone = Text(max_length=40, required=False, allow_blank=True)
    address = AddressShape(required=False, allow_null=True)


class RegisterShape(Shape):
    """A new account. A `role` sent along is passed over: nobody registers as staff."""

    ignored = frozenset({"role"})

    username = Text(max_length=150)
    email = Text(max_length=254)
    password = Secret()
    profile = ProfileEditShape(required=False)


class LoginShape(Shape):
    """Who signs in, by e-mail address or by user name."""

    any_of = ("email", "username")

    email = Text(max_length=254, required=False)
    username = Text(max_length=150, required=False)
    password = Secret()


class RefreshShape(Shape):
    """The refresh token, which is used up by this."""

    refresh_token = Secret(max_length=4000)


class AccountEditShape(Shape):
    """What may be changed about an account."""

    username = Text(max_length=150, required=False)
    profile = ProfileEditShape(required=False)


class PasswordShape(Shape):
    """The password in use, and the one that is to take its place."""

    current_password = Secret()
    new_password = Secret()


class ProfileShape(Shape):
    """Names, phone number and the default address of the address book, null where there is none."""

    first_name = Text()
    last_name = Text()
    phone = Text()
    address = SerializerMethodField()

    @extend_schema_field(ShownAddressShape(allow_null=True))
    def get_address(self, user: User) -> dict[str, Any] | None:
        """Return the default address."""
        default = user.addresses.filter(is_default=True).first()
        return address_data(default) if default else None


class UserShape(Shape):
    """Somebody with an account, as they see themselves."""

    example = {
        "id": "01980b6e-1111-7000-8000-000000000001",
        "username": "ada",
        "email": "ada@example.org",
        "role": "user",
        "profile": {"firstName": "Ada", "lastName": "Byron", "phone": "", "address": None},
        "createdAt": "2026-05-04T09:00:00Z",
        "updatedAt": "2026-05-04T09:00:00Z",
    }

    id = Text()
    username = Text()
    email = Text()
    role = SerializerMethodField()
    profile = ProfileShape(source="*")
    created_at = Moment()
    updated_at = Moment()

    @extend_schema_field(Choice(["user", "admin"]))
    def get_role(self, user: User) -> str:
        """Return `admin` for staff, else `user`."""
        return role_of(user)


class TokensShape(Shape):
    """An access token, and the refresh token that is good for the next ones, once."""

    example: ClassVar[Mapping[str, Any]] = {
        "token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9…",
        "refreshToken": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9…",
    }

    token = Text()
    refresh_token = Text()


class SignedInShape(TokensShape):
    """Who has just come in, with tokens."""

    example = {**TokensShape.example, "user": UserShape.example}

    user = UserShape()


class SessionShape(Shape):
    """One device on which somebody is signed in."""

    example = {
        "id": "01980b6e-5555-7000-8000-000000000001",
        "device": "Firefox on Linux",
        "current": True,
        "createdAt": "2026-05-04T09:00:00Z",
        "usedAt": "2026-05-04T09:30:00Z",
        "expiresAt": "2026-06-03T09:00:00Z",
    }

    id = Text()
    device = Text()
    current = SerializerMethodField()
    created_at = Moment()
    used_at = Moment()
    expires_at = Moment()

    def get_current(self, session: Any) -> bool:
        """Return whether the request came from this session."""
        return bool(session.pk == self.context["current"])


def address_data(postal: Any) -> dict[str, Any]:
    """Return a PostalAddress (an address book's entry, an order's address) as the API shows it."""
    return told(ShownAddressShape, postal)


def user_data(user: User) -> dict[str, Any]:
    """Return `user` as the API shows them to themselves."""
    return told(UserShape, user)
