"""/api/auth: signing up, in and out, and one's own account."""

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import brake, services
from accounts.api import shapes
from accounts.api.authentication import user_of
from accounts.models import ApiSession, User
from cryptons.api.describe import described
from cryptons.api.fields import identifier
from cryptons.api.limits import ClientThrottle
from cryptons.api.names import renamed
from cryptons.api.requests import body, plain
from cryptons.api.tries import AuthThrottle
from cryptons.api.views import ANYONE, ApiView
from cryptons.errors import RateLimited

_PROFILE = {name: f"profile.{name}" for name in services.PROFILE_FIELDS}
_ACCOUNT = {**_PROFILE, "username": "username", "email": "email", "password": "password"}

_NEW = {"username": "ada", "email": "ada@example.org", "password": "three unrelated words"}
_LOGIN = {"email": "ada@example.org", "password": "three unrelated words"}
_USED = {"refreshToken": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9…"}
_REFUSED = ["UNAUTHENTICATED", "TOKEN_EXPIRED", "TOKEN_REVOKED"]
_CHANGE = {"currentPassword": "three unrelated words", "newPassword": "four other unrelated words"}
_EDIT = {"profile": {"firstName": "Ada"}}


class _WayIn(ApiView):
    """An endpoint for who is not signed in yet. A token sent along is not looked at: it may be the very one that has expired."""

    access = {"POST": ANYONE}
    authentication_classes = []
    throttle_classes = [ClientThrottle, AuthThrottle]


class Register(_WayIn):
    """Make an account and sign in."""

    @described(
        takes=shapes.RegisterShape, gives=shapes.SignedInShape, status=201, errors=["ALREADY_EXISTS"], example=_NEW
    )
    def post(self, request: Request) -> Response:
        """Answer 201 with the user and tokens."""
        sent = body(request, shapes.RegisterShape)
        profile, address = _parts(sent)
        with renamed(_ACCOUNT, under="profile.address"):
            user = services.register(
                email=sent["email"],
                password=sent["password"],
                username=sent["username"],
                profile=profile,
                address=address,
            )
        return Response(_signed_in(request, user), status=201)


class Login(_WayIn):
    """Sign in."""

    @described(takes=shapes.LoginShape, gives=shapes.SignedInShape, errors=["INVALID_CREDENTIALS"], example=_LOGIN)
    def post(self, request: Request) -> Response:
        """Answer with the user and tokens."""
        sent = body(request, shapes.LoginShape)
        login = sent.get("email") or sent.get("username")
        if not login:
            raise ValidationError({"email": ["Send your e-mail address or your user name."]})
        user = services.sign_in(request=plain(request), login=login, password=sent["password"])
        return Response(_signed_in(request, user))


class Refresh(_WayIn):
    """Get new tokens for a refresh token."""

    @described(takes=shapes.RefreshShape, gives=shapes.TokensShape, errors=_REFUSED, example=_USED)
    def post(self, request: Request) -> Response:
        """Answer with the tokens that follow."""
        sent = body(request, shapes.RefreshShape)
        return Response(_told(services.refresh_session(token=sent["refresh_token"])))


class Profile(ApiView):
    """One's own account."""

    @described(gives=shapes.UserShape)
    def get(self, request: Request) -> Response:
        """Answer with the user."""
        return Response(shapes.user_data(user_of(request)))

    @described(takes=shapes.AccountEditShape, gives=shapes.UserShape, errors=["ALREADY_EXISTS"], example=_EDIT)
    def patch(self, request: Request) -> Response:
        """Change what was sent and leave the rest; answer with the user."""
        sent = body(request, shapes.AccountEditShape)
        profile, address = _parts(sent)
        with renamed(_ACCOUNT, under="profile.address"):
            user = services.edit_account(
                user=user_of(request), username=sent.get("username"), profile=profile, address=address
            )
        return Response(shapes.user_data(user))


class Password(ApiView):
    """One's own password."""

    @described(takes=shapes.PasswordShape, gives=shapes.TokensShape, errors=["INVALID_TRANSITION"], example=_CHANGE)
    def put(self, request: Request) -> Response:
        """Change the password; answer with new tokens, the only ones that are good from now on."""
        sent = body(request, shapes.PasswordShape)
        user = user_of(request)
        if not brake.may_try(plain(request), user.email):
            wait = brake.wait(plain(request), user.email)
            raise RateLimited(brake.too_many(wait), wait=wait)
        with renamed({"old_password": "currentPassword", "new_password": "newPassword"}):
            services.change_password(
                user=user, old_password=sent["current_password"], new_password=sent["new_password"]
            )
        brake.release(plain(request), user.email)
        return Response(_told(services.open_session(user=user, device=_device(request))))


class Logout(ApiView):
    """Sign out on this device."""

    @described()
    def post(self, request: Request) -> Response:
        """End the session whose token was shown."""
        services.end_session(user=user_of(request), session_id=_session(request).pk)
        return Response(None)


class LogoutAll(ApiView):
    """Sign out everywhere."""

    @described()
    def post(self, request: Request) -> Response:
        """End every session of the user."""
        services.end_all_sessions(user=user_of(request))
        return Response(None)


class Sessions(ApiView):
    """Where one is signed in."""

    @described(gives=shapes.SessionShape, many=True)
    def get(self, request: Request) -> Response:
        """Answer with the live sessions, the one used last first."""
        sessions = services.sessions_of(user=user_of(request))
        return Response(shapes.SessionShape(sessions, many=True, context={"current": _session(request).pk}).data)


class Session(ApiView):
    """One device."""

    @described()
    def delete(self, request: Request, session_id: str) -> Response:
        """End one of one's own sessions."""
        services.end_session(user=user_of(request), session_id=identifier(session_id))
        return Response(None)


def _session(request: Request) -> ApiSession:
    if not isinstance(request.auth, ApiSession):
        raise TypeError("this view lets strangers in")
    return request.auth


def _parts(sent: dict[str, Any]) -> tuple[dict[str, str], dict[str, Any] | None]:
    """Return what was said about oneself, and the address if one was sent."""
    profile = dict(sent.get("profile", {}))
    address = profile.pop("address", None)
    return profile, address


def _device(request: Request) -> str:
    return str(request.headers.get("User-Agent", ""))


def _told(tokens: services.Tokens) -> dict[str, str]:
    return {"token": tokens.access, "refreshToken": tokens.refresh}


def _signed_in(request: Request, user: User) -> dict[str, Any]:
    tokens = services.open_session(user=user, device=_device(request))
    return {"user": shapes.user_data(user), **_told(tokens)}
