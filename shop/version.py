"""The version of the catalogue: another one after each change of what the shop shows, so that an answer made before is still good or not.

Counters in the database, because each process has an embedded cache of its own. They are counted after the commit, so that what is read
after a version was read is at least as new as that version, and a row that every order touches is never held by a transaction. There are
some of them, so that orders rarely wait for one another. A process that dies between commit and count leaves the old version standing:
therefore none is believed for longer than `BELIEVED`.
"""

import random
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from cryptons import clock
from cryptons.db import atomic, guarded_update
from shop.models import CatalogueVersion

SLOTS = 8
BELIEVED = timedelta(minutes=10)


def catalogue_version() -> str:
    """Return the version, in one query. Read it before what it stands for."""
    numbers = CatalogueVersion.objects.order_by("slot").values_list("slot", "number")
    span = int(clock.now().timestamp() / BELIEVED.total_seconds())
    return ".".join([str(span), *(f"{slot}-{number}" for slot, number in numbers)])


def catalogue_changed() -> None:
    """Count a new version once the running transaction is committed, at once where there is none."""
    # What was committed stays done, even where the count fails: that is logged, and the old version is not believed for long.
    transaction.on_commit(_count, robust=True)


def catalogue_changed_after(**_: Any) -> None:
    """Count a new version after a row was written (receiver of `post_save` and `post_delete`)."""
    catalogue_changed()


def _count() -> None:
    slot = random.randrange(SLOTS)  # noqa: S311 (any will do)
    rows = CatalogueVersion.objects.filter(slot=slot)
    if guarded_update(rows, number=F("number") + 1):
        return
    try:
        with atomic():
            CatalogueVersion.objects.create(slot=slot, number=1)
    except IntegrityError:
        guarded_update(rows, number=F("number") + 1)  # another was first
