"""How often somebody may ask: fixed windows in the cache named `limits`, and the headers that tell how much is left.

A window opens with the first request and is counted in one step (`cryptons.counting`), so with Redis the count is exact however many
processes serve. The embedded cache belongs to one process: with several of them each counts its own, and a client may get as many
times the limit as there are processes. Tries at a password are counted in the database instead (`cryptons.api.tries`).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpResponse
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from cryptons.api.requests import plain
from cryptons.client import network_in
from cryptons.counting import counting

log = structlog.get_logger(__name__)

LIMIT = "RateLimit-Limit"
REMAINING = "RateLimit-Remaining"
RESET = "RateLimit-Reset"
COUNTED = "cryptons.counted"
"""Under this name a request (its META) that was counted already has its window and where the count stood then."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a count stands: `used` of `most`, until in `reset` seconds a new window may open."""

    most: int
    used: int
    reset: int

    @property
    def left(self) -> int:
        """How many more requests there may be in this window."""
        return max(self.most - self.used, 0)

    @property
    def is_over(self) -> bool:
        """Whether the last request counted was one too many."""
        return self.used > self.most


@dataclass(frozen=True, slots=True)
class Window:
    """A limit for one somebody: `most` requests within `seconds`. `scope` and `who` name the count."""

    scope: str
    who: str
    most: int
    seconds: int

    def count(self) -> State:
        """Count one request and return where that leaves its sender. Where the cache is away nobody is refused."""
        try:
            return self._count()
        except RedisError as error:
            return self._uncounted(error)

    def look(self) -> State:
        """Return where the count stands without counting."""
        try:
            return self._look()
        except RedisError as error:
            return self._uncounted(error)

    def state(self, used: int, left: float) -> State:
        """Return where so many counted, and so many seconds left, leave the sender."""
        return State(self.most, used, self._whole(left))

    def _count(self) -> State:
        return self.state(*counting().count(self.key, self.seconds))

    def _look(self) -> State:
        used, left = counting().counted(self.key)
        return State(self.most, used, self._whole(left) if used else self.seconds)

    def _uncounted(self, error: RedisError) -> State:
        log.error("limits.cache_unavailable", error=repr(error))
        return State(self.most, 0, self.seconds)

    @property
    def key(self) -> str:
        """Return what its count is called in the cache."""
        return _key_of(self.scope, self.who)

    def _whole(self, left: float) -> int:
        """Return `left` seconds rounded up: whoever waits that long comes in."""
        return max(1, min(self.seconds, int(left) + 1))


@lru_cache(maxsize=10_000)
def _key_of(scope: str, who: str) -> str:
    return "limit:" + hashlib.sha256(f"{scope}\n{who}".encode("utf-8", "replace")).hexdigest()


def for_strangers(meta: Mapping[str, Any]) -> Window:
    """Return the window of who is not signed in; `meta` is the request's, as in WSGI (PEP 3333)."""
    return Window("api", network_in(meta), *settings.RATELIMIT_API)


def write_headers(response: HttpResponse, state: State) -> None:
    """Tell where the count stands."""
    for name, value in headers_of(state):
        response[name] = value


def headers_of(state: State) -> list[tuple[str, str]]:
    """Return the headers that tell where the count stands."""
    return [(LIMIT, str(state.most)), (REMAINING, str(state.left)), (RESET, str(state.reset))]


class Throttle(BaseThrottle):
    """A DRF throttle over one window; what it found stays on the request for the headers."""

    def __init__(self) -> None:
        self.state: State | None = None

    def window(self, request: Request, view: APIView) -> Window:
        """Return the window that this request counts in."""
        raise NotImplementedError

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the request; return whether it may go on."""
        self.state = self.count(request, self.window(request, view))
        return not self.state.is_over

    def count(self, request: Request, window: Window) -> State:
        """Count the request in its window."""
        return window.count()

    def wait(self) -> float | None:
        """Return in how many seconds to try again."""
        return self.state.reset if self.state else None


class ClientThrottle(Throttle):
    """All of the API: a signed-in user by account, everybody else by address."""

    def window(self, request: Request, view: APIView) -> Window:
        """Return the user's window, or the address's."""
        if request.user is not None and request.user.is_authenticated:
            return Window("user", str(request.user.pk), *settings.RATELIMIT_USER)
        return for_strangers(plain(request).META)

    def count(self, request: Request, window: Window) -> State:
        """Count the request, unless it was counted when what is kept was looked for."""
        counted: tuple[Window, State] | None = plain(request).META.get(COUNTED)
        return counted[1] if counted and counted[0] == window else window.count()
