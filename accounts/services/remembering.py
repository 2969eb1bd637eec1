"""Live API sessions in the memory of this process, so that a token costs a look at the marks (`cryptons.freshness`) and no query.

A session is remembered with its user as both were read. Whoever writes to either calls `account_changed` (`accounts.topics`) in the same
transaction; once that is committed, and before its caller goes on, no process uses what it remembers of the account any more. So a
sign-out, a new password or a closed account counts from the next request on. Users tell of themselves, saved or updated, and so do
sessions that are deleted; who updates sessions has to. Permissions are not remembered: a user asks for them anew.
"""

from copy import copy
from functools import cache
from uuid import UUID

from accounts.models import ApiSession
from accounts.topics import account
from cryptons import clock
from cryptons.freshness import Making, State
from cryptons.kept import Shelf

LONGEST = 10
"""Seconds that a session is believed at most, whatever happens: somebody may write to the database past this program."""
_MOST = 4_000_000
_SIZE = 1_000


@cache
def sessions() -> Shelf[ApiSession]:
    """Return what this process remembers: some two thousand sessions."""
    return Shelf(_MOST)


def remembered(session_id: UUID, state: State) -> ApiSession | None:
    """Return the session with its user, the caller's own to change, where it is remembered and nothing was written to either."""
    entry = sessions().get(session_id.hex, state, clock.now().timestamp()) if state else None
    return _with_user(entry.thing) if entry else None


def remember(session: ApiSession, state: State) -> None:
    """Remember a live session, read with its user after `state` (`freshness.lasting_state`)."""
    if not state:
        return
    seen = Making(state, clock.now().timestamp(), {account(session.user_id)}).seen(LONGEST)
    sessions().put(session.pk.hex, _with_user(session), seen, _SIZE)


def _with_user(session: ApiSession) -> ApiSession:
    """Return a copy with a copy of its user: what one request does to them is nothing to the next."""
    copied = copy(session)
    copied.user = copy(session.user)
    return copied
