"""The brake on guessing passwords: a number of tries for each account from each client in a window of time.

It counts the pair, so a stranger who guesses cannot keep the owner out, who comes from elsewhere; and a password that was reset or
a window that has passed opens it again. The count is the same whether the account exists or not.
"""

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from accounts.models import canonical_email
from cryptons.client import network_of


def may_try(request: HttpRequest, email: str) -> bool:
    """Count one try to sign in as `email`; return whether it may go on."""
    most, seconds = settings.RATELIMIT_AUTH
    key = _key(request, email)
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key) <= most
    except ValueError:
        return True  # the window closed between the two calls


def is_on(request: HttpRequest, email: str) -> bool:
    """Return whether no further try is let through at present."""
    most, _ = settings.RATELIMIT_AUTH
    return int(cache.get(_key(request, email), 0)) >= most


def minutes() -> int:
    """Return how long a window is, in minutes, rounded up."""
    return -(-settings.RATELIMIT_AUTH[1] // 60)


def release(request: HttpRequest, email: str) -> None:
    """Forget the tries: the account's owner is there.

    Only for a sign-in that went through, or a password that was set by a link: the right password of an account that may not
    sign in yet must leave the count alone, or the count would tell such an account from a confirmed one.
    """
    cache.delete(_key(request, email))


def _key(request: HttpRequest, email: str) -> str:
    pair = f"{canonical_email(email)}\n{network_of(request)}"
    return "sign-in-tries:" + hashlib.sha256(pair.encode("utf-8", "replace")).hexdigest()
