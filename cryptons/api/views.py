"""The base of every endpoint: who may use it, how often, and what its answer carries."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.cache import patch_cache_control
from rest_framework import exceptions
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from cryptons.access import may
from cryptons.api import limits
from cryptons.api.requests import plain
from cryptons.errors import DomainError, InvalidInput, NotFound, RateLimited

ANYONE = "anyone"
USER = "user"
STAFF = "staff"


class AccessPermission(BasePermission):
    """Reads `access` of the view: ANYONE, USER, STAFF or one of `cryptons.access.PERMISSIONS` for each method."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether who asks may use this method; a method the view lacks is refused as such, not for lack of rights."""
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method.lower() not in view.http_method_names or not hasattr(view, method.lower()):
            return True
        needed = getattr(view, "access", {}).get(method, USER)
        user: Any = request.user
        if needed == ANYONE:
            return True
        if needed == USER:
            return bool(user.is_authenticated)
        return bool(user.is_staff) if needed == STAFF else may(user, needed)


class ApiView(APIView):
    """An endpoint. Methods not named in `access` are for signed-in users.

    Counts first, then asks who it is, so that guessing tokens is counted too. Answers are `private, no-store` unless they say
    something else (`cryptons.api.conditional`).
    """

    access: ClassVar[Mapping[str, str]] = {}
    permission_classes = [AccessPermission]
    throttle_classes = [limits.ClientThrottle]
    http_method_names = [name for name in APIView.http_method_names if name != "options"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Do what comes before the method. Raises what refuses the request."""
        self.format_kwarg = None
        refusal = self._authenticate(request)
        self.check_throttles(request)
        if refusal is not None:
            raise refusal
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        self.check_permissions(request)
        _refuse_nul(request, kwargs)
        meta = plain(request).META
        if "HTTP_TRANSFER_ENCODING" in meta and not meta.get("CONTENT_LENGTH"):
            # WSGI gives an application no such body; it would look as if nothing had been sent. Our own server puts pieces together before.
            raise exceptions.ParseError("Send the body whole, with a Content-Length.")
        if meta.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity":
            raise exceptions.UnsupportedMediaType(meta["HTTP_CONTENT_ENCODING"])  # RFC 9110, 8.4

    def check_throttles(self, request: Request) -> None:
        """Count the request in each of the view's windows. Raises RateLimited."""
        states = [state for throttle in self.get_throttles() if (state := _count(throttle, request, self)) is not None]
        if not states:
            return
        self._state = min(states, key=lambda state: (not state.is_over, state.left))
        if self._state.is_over:
            raise RateLimited("Too many requests. Wait a while and try again.", wait=self._state.reset)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Add the headers that every answer carries."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if not answer.has_header("Cache-Control"):
            patch_cache_control(answer, private=True, no_store=True)
        state = getattr(self, "_state", None)
        if state is not None:
            limits.write_headers(answer, state)
        return answer

    def permission_denied(self, request: Request, message: str | None = None, code: str | None = None) -> Any:
        """Refuse: 401 for who is not signed in, else 403."""
        if not request.user.is_authenticated:
            raise exceptions.NotAuthenticated
        raise exceptions.PermissionDenied(message)

    def _authenticate(self, request: Request) -> DomainError | None:
        """Find out who asks; return the refusal instead of raising it. DRF then takes the request for a stranger's."""
        try:
            self.perform_authentication(request)
        except exceptions.AuthenticationFailed as error:
            if isinstance(error.__cause__, DomainError):
                return error.__cause__
            raise
        return None


class UnknownPath(ApiView):
    """What answers where nothing is."""

    schema = None
    authentication_classes = []
    permission_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse. Raises NotFound."""
        super().initial(request, *args, **kwargs)
        raise NotFound("There is nothing at this address.")


def _count(throttle: BaseThrottle, request: Request, view: APIView) -> limits.State | None:
    throttle.allow_request(request, view)
    return throttle.state if isinstance(throttle, limits.Throttle) else None


def _refuse_nul(request: Request, kwargs: Mapping[str, Any]) -> None:
    """Refuse the character that PostgreSQL cannot store, before a query meets it."""
    if any("\0" in str(value) for value in kwargs.values()):
        raise NotFound("There is nothing at this address.")
    wrong = [name for name, values in request.query_params.lists() if "\0" in name + "".join(values)]
    if wrong:
        message = "Null characters are not allowed."
        raise InvalidInput(message, details=[{"field": name.replace("\0", ""), "message": message} for name in wrong])


__all__ = ["ANYONE", "STAFF", "USER", "AccessPermission", "ApiView", "Response", "UnknownPath"]
