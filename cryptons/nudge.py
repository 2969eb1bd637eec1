"""Asking a worker to look now instead of at its next beat."""

from typing import Any

import structlog
from django.core.cache import cache
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

_TOO_LATE = 10
_PAUSE = 1


def nudge(task: Any) -> bool:
    """Have `task`, one that carries nothing, run soon; return whether it was asked for. Any number of calls in a second ask once.

    A queue that is away is no reason to fail: the beat asks anyway. So call it where something was committed, for speed alone.
    """
    try:
        if not cache.add(f"nudge:{task.name}", 1, timeout=_PAUSE):
            return False
    except RedisError as error:
        log.warning("nudge.cache_unavailable", task=task.name, error=repr(error))
    try:
        task.apply_async(expires=_TOO_LATE, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        log.warning("nudge.queue_unavailable", task=task.name, error=repr(error))
        return False
    return True
