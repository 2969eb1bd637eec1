"""What changes when with an account, in the topics of `cryptons.freshness`. Imported by the models: it knows none of them."""

from uuid import UUID

from cryptons import freshness


def account(user_id: UUID) -> int:
    """Return the topic of a user's row and sessions."""
    return freshness.topic("account", user_id)


def account_changed(*user_ids: UUID) -> None:
    """Tell every process, once the running transaction is committed, that the users' rows or some of their sessions are others."""
    freshness.changed(*map(account, user_ids))
