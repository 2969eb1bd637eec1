"""Another time for one part of the store: tokens and all else go by the real one."""

from types import SimpleNamespace

from cryptons import clock


def at_this_moment(moment):
    """Return what can stand for `cryptons.clock` where it shall be `moment`."""
    return SimpleNamespace(now=lambda: moment, day_of=clock.day_of, start_of=clock.start_of)
