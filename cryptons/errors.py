"""The errors a service may raise. Each says in one sentence what happened, carries a stable code and the HTTP status that fits."""

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """A request that cannot be carried out as it stands; nothing was changed.

    `message` is for people, `code` for programs, `details` a list of `{"field": …, "message": …}` for forms and the API,
    `permanent` false where trying again later may help.
    """

    code = "BAD_REQUEST"
    status = 400
    permanent = True

    def __init__(self, message: str, *, details: Sequence[Mapping[str, object]] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = list(details)


class InvalidInput(DomainError):
    """What was sent breaks a rule; `details` name the fields."""

    code = "VALIDATION_ERROR"


class Forbidden(DomainError):
    """The actor may not do this."""

    code = "FORBIDDEN"
    status = 403


class NotFound(DomainError):
    """There is no such thing, or it is not the actor's to see."""

    code = "NOT_FOUND"
    status = 404


class OutOfStock(DomainError):
    """Fewer pieces are left than asked for; `details` name the items and what is left."""

    code = "OUT_OF_STOCK"
    status = 409


class InvalidTransition(DomainError):
    """The status graph has no such move from where the thing stands now."""

    code = "INVALID_TRANSITION"
    status = 409


class AlreadyExists(DomainError):
    """A unique thing is there already."""

    code = "ALREADY_EXISTS"
    status = 409


class PaymentMethodUnavailable(DomainError):
    """The node did not answer as it should; trying again later may help."""

    code = "PAYMENT_METHOD_UNAVAILABLE"
    status = 503
    permanent = False


class RateUnavailable(DomainError):
    """No fresh price of the coin is known; trying again later may help."""

    code = "RATE_UNAVAILABLE"
    status = 503
    permanent = False


class ServiceUnavailable(DomainError):
    """Something the store stands on does not answer; trying again later may help."""

    code = "SERVICE_UNAVAILABLE"
    status = 503
    permanent = False


class Unauthenticated(DomainError):
    """Nobody is signed in, or what was shown as proof is none."""

    code = "UNAUTHENTICATED"
    status = 401


class InvalidCredentials(Unauthenticated):
    """The password is wrong, or there is no such account: the two are not told apart."""

    code = "INVALID_CREDENTIALS"


class TokenExpired(Unauthenticated):
    """The token was good once; its time is over."""

    code = "TOKEN_EXPIRED"


class TokenRevoked(Unauthenticated):
    """The token's session was ended, or the token was used already."""

    code = "TOKEN_REVOKED"


class InvalidSignature(Unauthenticated):
    """A signed message was not signed by who may send it."""

    code = "INVALID_SIGNATURE"


class RateLimited(DomainError):
    """Too many tries; `wait` says in how many seconds the next one may be made."""

    code = "RATE_LIMITED"
    status = 429
    permanent = False

    def __init__(self, message: str, *, wait: int) -> None:
        super().__init__(message)
        self.wait = wait
