"""Who asks: `Authorization: Bearer <token>`, believed as long as the token's session lives."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import services
from accounts.bearer import Kind, read
from accounts.models import ApiSession, User
from cryptons.api.requests import plain
from cryptons.errors import DomainError, Unauthenticated


class BearerAuthentication(BaseAuthentication):
    """Sets `request.user` to the user and `request.auth` to the ApiSession."""

    def authenticate(self, request: Request) -> tuple[User, ApiSession] | None:
        """Return user and session, None where no one claims to be anybody. Raises AuthenticationFailed, for its cause."""
        sent = plain(request).META.get("HTTP_AUTHORIZATION", "")
        if not sent:
            return None
        try:
            session = session_behind(sent)
        except DomainError as error:
            raise AuthenticationFailed(error.message) from error
        return session.user, session

    def authenticate_header(self, request: Request) -> str:
        """Return what a 401 asks for (RFC 6750)."""
        return 'Bearer realm="cryptons"'


def session_behind(header: str) -> ApiSession:
    """Return the live session, with its user, whose token an `Authorization` header shows. Raises Unauthenticated in its kinds."""
    return services.session_of(read(Kind.ACCESS, _token(header)))


def user_of(request: Request) -> User:
    """Return who asks; only for methods that `access` keeps for users."""
    if not isinstance(request.user, User):
        raise TypeError("this view lets strangers in")
    return request.user


def _token(header: str) -> str:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Sign in with a bearer token.")
    return token.strip()
