"""Whether money that is sent now would be noticed."""

from datetime import timedelta

from cryptons import clock
from payments.models import Watcher

_FRESH = timedelta(seconds=60)
"""The watcher looks every two seconds; a minute without one good look is trouble, not a hiccup."""


def can_be_paid() -> bool:
    """Return whether the watcher had a good answer from the node within the last minute."""
    return Watcher.objects.filter(coin="BTC", last_ok_at__gte=clock.now() - _FRESH).exists()
