"""Whether anybody listens to an event: in most stores nobody does, and the database need not be asked with each change of an order.

Each process remembers which events are wanted, as long as nothing about endpoints changes (`cryptons.freshness`). Only that nobody wants
an event is believed; who wants it is read when it is to be told, so nobody is told who is gone by then.
"""

from collections.abc import Collection

from cryptons import clock, freshness
from cryptons.freshness import Making, Seen, State
from orders.models import WebhookEndpoint
from orders.webhooks.events import WebhookEvent

LONGEST = 10
"""Seconds that nobody is believed to listen, whatever happens: somebody may write to the database past this program."""
_ENDPOINTS = freshness.topic("webhook endpoints", "")
_known: dict[str, tuple[Seen, Collection[str]]] = {}


def endpoints_changed() -> None:
    """Tell every process, once the running transaction is committed, that an endpoint is new, gone or wants something else."""
    freshness.changed(_ENDPOINTS)


def know_listeners() -> None:
    """Find out which events are wanted where that is not known. Call it before the transaction in which they may happen."""
    state = freshness.lasting_state()
    if not state or _wanted(state) is not None:
        return
    seen = Making(state, clock.now().timestamp(), {_ENDPOINTS}).seen(LONGEST)
    endpoints = list(WebhookEndpoint.objects.filter(is_active=True).order_by().only("events"))
    _known["wanted"] = seen, {event for event in WebhookEvent if any(one.wants(event) for one in endpoints)}


def nobody_wants(event: WebhookEvent) -> bool:
    """Return whether it is known that no endpoint is told of `event`. Costs no query."""
    wanted = _wanted(freshness.state())
    return wanted is not None and event not in wanted


def _wanted(state: State) -> Collection[str] | None:
    """Return the events that are wanted, None where that is not known."""
    seen, wanted = _known.get("wanted", (None, ()))
    return wanted if seen and seen.is_good(state, clock.now().timestamp()) else None
