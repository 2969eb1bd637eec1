"""What the accounts pages share."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.crypto import get_random_string
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters

from accounts import brake
from accounts.models import User
from cryptons.errors import DomainError

_BRAKE = "brake"
SIGN_UP_NONCE = "sign_up_nonce"
View = TypeVar("View", bound=Callable[..., Any])


def personal(view: View) -> View:
    """Keep the answer out of every cache, and what was typed out of every error report."""
    return cache_control(private=True, no_store=True)(sensitive_post_parameters()(view))


def members_only(view: View) -> View:
    """Ask whoever is not signed in to do so first; else as `personal`."""
    return personal(login_required(view))


def member(request: HttpRequest) -> User:
    """Return who is signed in; only for views that are `members_only`."""
    if not isinstance(request.user, User):
        raise TypeError("members_only is missing from this view")
    return request.user


def browser_nonce(request: HttpRequest) -> str:
    """Return the secret by which the browser that signs up is known again, making it the first time."""
    return str(request.session.setdefault(SIGN_UP_NONCE, get_random_string(32)))


def may_try_password(request: HttpRequest, form: BaseForm) -> bool:
    """Count one try to give one's own password again; say so on the form where there were too many.

    Whoever finds a browser signed in must not be able to guess on until it fits.
    """
    if brake.may_try(request, member(request).email):
        return True
    form.add_error(None, brake.too_many(brake.wait(request, member(request).email)))
    return False


def may_ask(request: HttpRequest, form: BaseForm, what: str) -> bool:
    """Count one request for `what` by this visitor's network; say so on the form where there were too many."""
    if brake.may_ask(request, what):
        return True
    message = "This was asked for too often from your network. Please try again in a while."
    form.add_error(None, ValidationError(message, code=_BRAKE))
    return False


def status_of(form: BaseForm) -> int:
    """Return the status of a page that shows `form`: 429 where the visitor has to wait."""
    return 429 if form.is_bound and form.has_error("__all__", _BRAKE) else 200


def show_refusal(form: BaseForm, error: DomainError) -> None:
    """Put a service's refusal beside the fields it names, or above the form."""
    for detail in error.details:
        field = str(detail["field"])
        form.add_error(field if field in form.fields else None, str(detail["message"]))
    if not error.details:
        form.add_error(None, error.message)
