"""Refusals that only the API knows, beside those of `cryptons.errors`."""

from cryptons.errors import DomainError


class RequestInProgress(DomainError):
    """A request with this Idempotency-Key is being worked on; its answer can be had a moment later."""

    code = "REQUEST_IN_PROGRESS"
    status = 409
    permanent = False


class IdempotencyKeyReused(DomainError):
    """This Idempotency-Key came with another request before."""

    code = "IDEMPOTENCY_KEY_REUSED"
    status = 422
