"""What became of the made-up orders."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

_PLACED = ("placed", "", "pending", "received")
_SEEN = ("payment", "", "", "payment-seen")
_PREPARED = ("moved", "pending", "processing", "payment-confirmed")
_SHIPPED = ("moved", "processing", "shipped", "shipped")
_DELIVERED = ("moved", "shipped", "delivered", "")
_EXPIRED = ("moved", "pending", "cancelled", "expired")
_CANCELLED = ("moved", "processing", "cancelled", "cancelled")


@dataclass(frozen=True)
class Past:
    """Where an order stands, its payment's status and exception, what share of its price came (percent), and how it got there."""

    status: str
    payment: str
    exception: str
    word: str
    share: int
    steps: tuple[tuple[str, str, str, str], ...]
    attention: str = ""


NEW = Past("pending", "new", "", "unpaid", 0, (_PLACED,))
SEEN = Past("pending", "seen", "", "confirming", 100, (_PLACED, _SEEN))
SHORT = Past(
    "pending", "expired", "underpaid", "partial", 60, (_PLACED, _SEEN), "Too little was paid before the time was up."
)
PREPARED = Past("processing", "settled", "", "paid", 100, (_PLACED, _SEEN, _PREPARED))
SHIPPED = Past("shipped", "settled", "", "paid", 100, (_PLACED, _SEEN, _PREPARED, _SHIPPED))
DELIVERED = Past("delivered", "settled", "", "paid", 100, (_PLACED, _SEEN, _PREPARED, _SHIPPED, _DELIVERED))
OVERPAID = Past("delivered", "settled", "overpaid", "overpaid", 110, DELIVERED.steps, "More was paid than asked for.")
EXPIRED = Past("cancelled", "expired", "", "expired", 0, (_PLACED, _EXPIRED))
RETURNED = Past("cancelled", "settled", "", "paid", 100, (_PLACED, _SEEN, _PREPARED, _CANCELLED))

_LATELY = [NEW, NEW, SEEN, PREPARED, PREPARED, PREPARED, EXPIRED]
_WEEKS_AGO = [PREPARED, *[SHIPPED] * 4, *[DELIVERED] * 3, EXPIRED, EXPIRED]
_LONG_AGO = [*[DELIVERED] * 72, *[EXPIRED] * 24, *[RETURNED] * 3, OVERPAID]


def history(chance: Random, age: timedelta) -> Past:
    """Return what became of an order of this age."""
    if chance.random() < 0.001:
        return SHORT
    if age < timedelta(hours=2):
        return chance.choice(_LATELY)
    return chance.choice(_WEEKS_AGO if age < timedelta(days=14) else _LONG_AGO)
