"""Queue e-mails about accounts. Nothing is sent in a request: `accounts.tasks.deliver_mail` does."""

import hashlib
from datetime import timedelta

from accounts.models import AccountMail, MailKind, User, canonical_email
from cryptons import clock
from cryptons.db import uuid7

ONCE_PER = timedelta(minutes=1)
"""How often a stranger can make the store write to one address about one thing."""


def queue_mail(*, kind: MailKind, to: str, user: User | None = None, payload: dict[str, str] | None = None) -> None:
    """Queue news for its owner; each call is a message of its own."""
    _store(f"{kind}:{uuid7().hex}", kind, to, user, payload)


def queue_mail_on_request(
    *, kind: MailKind, to: str, user: User | None = None, payload: dict[str, str] | None = None
) -> None:
    """Queue a message that anybody may ask for: at most one of a kind for an address within `ONCE_PER`."""
    to = canonical_email(to)
    slot = int(clock.now().timestamp() // ONCE_PER.total_seconds())
    _store(f"{kind}:{hashlib.sha256(to.encode()).hexdigest()}:{slot}", kind, to, user, payload)


def _store(key: str, kind: MailKind, to: str, user: User | None, payload: dict[str, str] | None) -> None:
    AccountMail.objects.get_or_create(
        key=key, defaults={"kind": kind, "to": to, "user": user, "payload": payload or {}}
    )
