"""The sessions of browsers: Django's own in the database, in the same table, read and written with less ado (SESSION_ENGINE).

What a session holds is kept as plain JSON. Django signs and compresses it, which takes eight times as many function calls to read and
write it (174 instead of 21), a fifteenth more for adding to a cart; the signature guards against somebody who can write to the database
and does not know SECRET_KEY, and who could as well make themselves an administrator there. A sign-in is still worth nothing with another
SECRET_KEY or password: it carries an HMAC of both.
"""

import json
from datetime import datetime
from functools import cache
from typing import Any

import structlog
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as SessionInDatabase
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from cryptons import clock

log = structlog.get_logger(__name__)


class SessionStore(SessionInDatabase):
    """A session of the table `django_session`."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; nothing, and its key is forgotten, where there is none or it has run out."""
        for data, until in _rows().filter(session_key=self.session_key):
            if until > clock.now():
                return self.decode(data)
        return super().load()

    def save(self, must_create: bool = False) -> None:
        """Write what the session holds. Raises UpdateError where it is gone: nobody may bring back what a sign-out has ended."""
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        data = self.encode(dict(self.items()))
        row = Session.objects.filter(session_key=self.session_key)
        if not row.update(session_data=data, expire_date=self.get_expiry_date()):
            raise UpdateError

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Return it as JSON."""
        return json.dumps(session_dict, separators=(",", ":"))

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Return what JSON says, and also what is signed, as Django itself writes it and this store did."""
        if isinstance(session_data, bytes) or not session_data.startswith("{"):
            return super().decode(session_data)
        try:
            found: dict[str, Any] = json.loads(session_data)
        except ValueError:
            log.warning("session.unreadable")
            return {}
        return found


@cache
def _rows() -> "QuerySet[Session, tuple[str, datetime]]":
    """Return the question for sessions' data and how long they are good, which is the same but for the key."""
    return Session.objects.values_list("session_data", "expire_date")
