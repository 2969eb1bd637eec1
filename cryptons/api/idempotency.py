"""`Idempotency-Key`: a request sent again with its key is answered again and not done again.

The record is written before the work and answered after it, each in a transaction of its own. A process may die between the two with
the work done: then the key can be taken up after `LEASE`, and the work itself has to notice that it was done. So a service behind
`idempotent` takes `operation_key(request)` and makes it a unique key of what it writes (an order's `checkout_key`).
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.db import IntegrityError
from django.http import HttpResponse, HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cryptons import clock
from cryptons.api import envelope, wire
from cryptons.api.errors import IdempotencyKeyReused, RequestInProgress
from cryptons.api.models import IdempotencyRecord
from cryptons.api.requests import plain
from cryptons.db import guarded_update, one_insert, uuid7
from cryptons.errors import InvalidInput

KEPT = timedelta(hours=24)
LEASE = timedelta(minutes=2)
"""How long a request may be worked on before another with its key may take it up."""
HEADER = "Idempotency-Key"
_NOT_STORED = {409, 429}
_OPERATION = "cryptons.operation"
_FREE = datetime(2000, 1, 1, tzinfo=UTC)
_WORKED_ON = IdempotencyRecord.objects.filter(status=None)

_V = TypeVar("_V", bound=APIView)
_P = ParamSpec("_P")
_Method = Callable[Concatenate[_V, Request, _P], HttpResponseBase]


def idempotent(method: _Method[_V, _P]) -> _Method[_V, _P]:
    """Let a view's method honour the header; without it the method runs as it is. For signed-in users only."""

    @wraps(method)
    def once(view: _V, request: Request, /, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponseBase:
        key = sent_key(request)
        if key is None:
            return method(view, request, *args, **kwargs)
        record = _claim(request, key)
        if record.status is not None:
            return _replay(record)
        request.META[_OPERATION] = record.pk.hex
        try:
            response = _run(method, view, request, *args, **kwargs)
        except BaseException:
            _release(record)
            raise
        _settle(record, response)
        return response

    return once


def sent_key(request: Request) -> str | None:
    """Return the header's value, None where it is absent. Raises InvalidInput where it is no key."""
    key: str | None = plain(request).META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return None
    if not 1 <= len(key) <= 255 or not (key.isascii() and key.isprintable()):
        message = "An Idempotency-Key has 1 to 255 printable characters."
        raise InvalidInput(message, details=[{"field": HEADER, "message": message}])
    return key


def operation_key(request: Request) -> str:
    """Return what names this operation: the same for each try with one key within its 24 hours, else a new one. 32 characters."""
    return str(request.META.get(_OPERATION) or uuid7().hex)


def _run(method: Any, view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """Return the method's answer, a refusal's too: the same mistake sent again is the same mistake."""
    try:
        response: HttpResponseBase = method(view, request, *args, **kwargs)
    except Exception as error:
        response = view.handle_exception(error)
    return response


def _claim(request: Request, key: str) -> IdempotencyRecord:
    """Return a record to work on, or an answered one. Raises RequestInProgress, IdempotencyKeyReused."""
    fingerprint = _fingerprint(request)
    user = cast("Any", request.user)
    for _ in range(3):
        try:
            with one_insert():
                return IdempotencyRecord.objects.create(user_id=user.pk, key=key, fingerprint=fingerprint)
        except IntegrityError:
            record = IdempotencyRecord.objects.filter(user=user, key=key).first()
        if record is None or _forgotten(record):
            continue
        if record.fingerprint != fingerprint:
            raise IdempotencyKeyReused("This Idempotency-Key came with another request before. Use a new key.")
        if record.status is not None or _taken_up(record):
            return record
        break
    raise RequestInProgress("A request with this Idempotency-Key is being worked on. Ask again in a moment.")


def _forgotten(record: IdempotencyRecord) -> bool:
    """Delete a record whose day is over; return whether it was."""
    if record.created_at > clock.now() - KEPT:
        return False
    IdempotencyRecord.objects.filter(pk=record.pk).delete()
    return True


def _taken_up(record: IdempotencyRecord) -> bool:
    """Claim a record that its worker left behind; of several who try, one gets it."""
    now = clock.now()
    if record.claimed_at > now - LEASE:
        return False
    if not guarded_update(_mine(record), claimed_at=now):
        return False
    record.claimed_at = now
    return True


def _settle(record: IdempotencyRecord, response: HttpResponseBase) -> None:
    """Store the answer, or let go of the key where the same request may fare better next time."""
    status = response.status_code
    if status >= 500 or status in _NOT_STORED or not isinstance(response, Response):
        _release(record)
        return
    around = envelope.failure if status >= 400 else envelope.success
    guarded_update(_mine(record), status=status, body=wire.dumps(around(response.data)).decode())


def _release(record: IdempotencyRecord) -> None:
    """Leave the key to the next try at once. The record stays, and with it the operation's name: what was done is found by it."""
    guarded_update(_mine(record), claimed_at=_FREE)


def _mine(record: IdempotencyRecord) -> Any:
    """Return the row as long as this claim stands."""
    return _WORKED_ON.filter(pk=record.pk, claimed_at=record.claimed_at)


def _replay(record: IdempotencyRecord) -> HttpResponse:
    headers = {"Idempotent-Replayed": "true"}
    return HttpResponse(record.body, status=record.status, content_type=envelope.JSON, headers=headers)


def _fingerprint(request: Request) -> str:
    raw = plain(request)
    return hashlib.sha256(f"{raw.method} {raw.get_full_path()}\n".encode() + raw.body).hexdigest()
