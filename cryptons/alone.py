"""Background work that is under way once at a time in a process, however often the schedule asks for it."""

from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import TypeVar

_Result = TypeVar("_Result")


def alone(work: Callable[[], _Result]) -> Callable[[], _Result | None]:
    """Let whoever asks for `work` while this process is at it go on at once, with None; what is due is found the next time.

    A mail server or a node that takes long over each answer holds one of the worker's few threads then. Else the next beat would bring
    another round, and soon all threads would wait, those that watch the chain too. Any number of processes may be at it.
    """
    at_it = Lock()

    @wraps(work)
    def once() -> _Result | None:
        if not at_it.acquire(blocking=False):
            return None
        try:
            return work()
        finally:
            at_it.release()

    return once
