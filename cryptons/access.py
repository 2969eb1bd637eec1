"""The permissions of the staff, by the names the API's contract gives them. Groups hold them (a migration of accounts makes four)."""

from typing import Protocol

from cryptons.errors import Forbidden

PERMISSIONS = {
    "products:write": "may add and change products and categories",
    "orders:write": "may see every order and move it on",
    "orders:refund": "may pay money back",
    "reviews:moderate": "may approve and delete reviews",
    "users:write": "may change people's accounts",
    "reports:read": "may read figures and reports",
}
"""Name to what its holder may do."""


class Actor(Protocol):
    """Whoever wants to do something: a user of Django's kind, the anonymous one among them."""

    @property
    def is_staff(self) -> bool:
        """Whether this is a member of the staff."""

    def has_perm(self, perm: str) -> bool:
        """Whether this one, or a group of theirs, has the permission `app.codename`."""


def codename(permission: str) -> str:
    """Return how Django stores `permission`: `products:write` is `products_write`."""
    return permission.replace(":", "_")


def may(actor: Actor | None, permission: str) -> bool:
    """Return whether `actor` is staff and holds `permission`, one of PERMISSIONS. Raises KeyError for any other name."""
    PERMISSIONS[permission]
    return actor is not None and actor.is_staff and actor.has_perm(f"accounts.{codename(permission)}")


def require(actor: Actor | None, permission: str) -> None:
    """Let `actor` pass where they hold `permission`. Raises Forbidden."""
    if not may(actor, permission):
        raise Forbidden("You may not do this.")
