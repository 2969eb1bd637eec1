"""The brake on guessing passwords, the same for every way in: `RATELIMIT_AUTH` tries within its window, counted three ways.

- From one network at one account. A stranger who guesses does not keep the owner out, who comes from elsewhere.
- From one network at any account, for who tries one password on many (under /api the endpoint's own throttle counts this).
- At one account from all networks it has not been signed in from lately, where `CROWD` times as many are let through: for a crowd
  that guesses together. The owner keeps coming in from where they usually do, and from anywhere by a reset link.

The counts are rows (`cryptons.api.tries`), exact for any number of processes. They are the same whether the account exists or not.
"""

from django.conf import settings
from django.http import HttpRequest

from accounts.models import canonical_email
from cryptons.api.middleware import is_api
from cryptons.api.tries import SureWindow
from cryptons.client import network_of

CROWD = 20
KNOWN_SECONDS = 30 * 24 * 3600
"""How long after the latest sign-in its network is taken for the owner's."""


def may_try(request: HttpRequest, email: str) -> bool:
    """Count one try to sign in as `email`; return whether it may go on."""
    return not any(window.count().is_over for window in _windows(request, email))


def wait(request: HttpRequest, email: str) -> int:
    """Return in how many seconds a further try is let through, 0 for at once."""
    states = [window.look() for window in _windows(request, email)]
    return max((state.reset for state in states if not state.left), default=0)


def may_ask(request: HttpRequest, what: str) -> bool:
    """Count one request for `what` (an account, a link by e-mail) by who need not be anybody; return whether it may go on."""
    return not SureWindow(f"ask:{what}", network_of(request), *settings.RATELIMIT_AUTH).count().is_over


def too_many(seconds: int = 0) -> str:
    """Return what to tell who has to wait `seconds`, a whole window where that is not known."""
    minutes = -(-(seconds or settings.RATELIMIT_AUTH[1]) // 60)
    return f"Too many tries. Wait {minutes} minute{'s' if minutes > 1 else ''}, or set a new password."


def release(request: HttpRequest, email: str) -> None:
    """Forget the tries: the account's owner is there, and so is their network.

    Only for a sign-in that went through, or a password that was set by a link: the right password of an account that may not
    sign in yet must leave the count alone, or the count would tell such an account from a confirmed one.
    """
    pair = _pair(request, email)
    for window in (_network(request), _crowd(email)):
        window.take_back(pair.look().used)
    pair.forget()
    _known(request, email).open_anew()


def _windows(request: HttpRequest, email: str) -> list[SureWindow]:
    """Return what a try counts in; the first that is over ends the counting, so that a flood from one network writes no rows."""
    windows = [] if is_api(request.path) else [_network(request)]
    windows.append(_pair(request, email))
    if not _known(request, email).look().used:
        windows.append(_crowd(email))
    return windows


def _pair(request: HttpRequest, email: str) -> SureWindow:
    return SureWindow("sign-in", _who(request, email), *settings.RATELIMIT_AUTH)


def _network(request: HttpRequest) -> SureWindow:
    return SureWindow("sign-in:network", network_of(request), *settings.RATELIMIT_AUTH)


def _crowd(email: str) -> SureWindow:
    most, seconds = settings.RATELIMIT_AUTH
    return SureWindow("sign-in:crowd", canonical_email(email), most * CROWD, seconds)


def _known(request: HttpRequest, email: str) -> SureWindow:
    return SureWindow("sign-in:known", _who(request, email), 1, KNOWN_SECONDS)


def _who(request: HttpRequest, email: str) -> str:
    return f"{canonical_email(email)}\n{network_of(request)}"
