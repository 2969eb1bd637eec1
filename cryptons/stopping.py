"""How a worker stops: it finishes what it has begun, begins nothing new, and says what it still waits for."""

from threading import Event, Thread
from typing import Any

import structlog
from celery.signals import worker_shutting_down
from celery.worker import state

log = structlog.get_logger(__name__)

SAY_AFTER = 3.0
"""Seconds from one word about what is waited for to the next."""

_told = Event()


def is_stopping() -> bool:
    """Return whether this process is a worker that was told to stop: what takes long ends at its next step."""
    return _told.is_set()


def stop(**_: Any) -> None:
    """Take note that this worker is to stop."""
    _told.set()
    # In a thread, as this runs wherever the signal interrupted the worker, perhaps while it was writing to the log.
    Thread(target=_say_what_holds, daemon=True).start()


def _say_what_holds() -> None:
    seconds, pause = 0.0, Event()
    while not pause.wait(SAY_AFTER):
        seconds += SAY_AFTER
        log.warning("worker.still_stopping", seconds=round(seconds), waits_for=running())


def running() -> list[str]:
    """Return the names of the tasks that this worker has begun and not finished."""
    return sorted(request.name for request in state.active_requests)


worker_shutting_down.connect(stop)
