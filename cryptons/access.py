"""The permissions of the staff, by the names the API's contract gives them. Groups hold them (a migration of accounts makes four)."""

from collections.abc import Collection
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

IN_THE_ADMIN = {
    "products:write": frozenset(
        {
            *("shop.view_product", "shop.add_product", "shop.change_product", "shop.delete_product"),
            *(
                "shop.view_productimage",
                "shop.add_productimage",
                "shop.change_productimage",
                "shop.delete_productimage",
            ),
            *("shop.view_category", "shop.add_category", "shop.change_category", "shop.delete_category"),
        }
    ),
    "orders:write": frozenset(
        {
            *("orders.view_order", "orders.change_order", "orders.view_orderline", "orders.view_orderevent"),
            *("orders.view_orderpayment", "payments.view_payment", "payments.change_payment"),
            *("payments.view_paymentoption", "payments.view_transfer"),
        }
    ),
    "users:write": frozenset(
        {
            *("accounts.view_user", "accounts.add_user", "accounts.change_user"),
            *("accounts.view_address", "accounts.view_apisession", "accounts.change_apisession"),
        }
    ),
}
"""Name to what it is called in the admin, where Django asks by model: whoever may do something in the API may do it there, and no more.

Reviews and figures ask for their permission by its own name.
"""


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


def in_the_admin(held: Collection[str]) -> set[str]:
    """Return the rights by model that follow from the permissions among `held`, both as Django spells them."""
    return {right for name, rights in IN_THE_ADMIN.items() if f"accounts.{codename(name)}" in held for right in rights}


def may(actor: Actor | None, permission: str, *rights: str) -> bool:
    """Return whether `actor` is staff and holds `permission`, one of PERMISSIONS. Raises KeyError for any other name.

    One of the admin's own `rights` (`app.codename`) is as good, where they are given.
    """
    PERMISSIONS[permission]
    names = f"accounts.{codename(permission)}", *rights
    return actor is not None and actor.is_staff and any(actor.has_perm(name) for name in names)


def require(actor: Actor | None, permission: str, *rights: str) -> None:
    """Let `actor` pass where they hold `permission`, or one of the admin's own `rights`. Raises Forbidden."""
    if not may(actor, permission, *rights):
        raise Forbidden("You may not do this.")
