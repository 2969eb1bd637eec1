"""What every model and service shares: keys that sort by time, atomic blocks, guarded updates."""

import uuid
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import uuid_utils
import uuid_utils.compat
from django.db import models, transaction
from django.db.models import QuerySet


def uuid7() -> uuid.UUID:
    """Return a new version 7 UUID (RFC 9562): sorts by the time of its making."""
    return uuid_utils.compat.uuid7()


def uuid7_hex() -> str:
    """Return the same as 32 hexadecimal digits."""
    # Every request needs one: without Python's own UUID, which costs five times what the digits do.
    return uuid_utils.uuid7().hex


class KeyedModel(models.Model):
    """A row with a UUID key. The column is `_id`, which is the one key a MongoDB collection knows."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False, db_column="_id")

    class Meta:
        abstract = True


def atomic() -> transaction.Atomic:
    """Return the block in which all writes of a service stand or fall together."""
    return transaction.atomic()


def one_insert() -> AbstractContextManager[Any]:
    """Return the block for one insert that fails where its unique key is taken, so that the failure can be caught.

    Within a transaction, which the failure would spoil, that is a savepoint. Outside of one the insert is a transaction by itself.
    """
    return atomic() if transaction.get_connection().in_atomic_block else nullcontext()


def guarded_update(rows: QuerySet[Any, Any], **changes: Any) -> bool:
    """Write `changes` to the one row that `rows` still matches; return whether it did.

    `rows` names the row by key and repeats what has to be true of it (its old status, enough stock, its version). The database
    applies the condition and the write as one, so of any number of simultaneous callers the count decides who won.
    """
    return rows.update(**changes) == 1
