"""A buyer in a process of its own: says ready, waits for go, places orders for so many seconds, prints what they took."""

import sys
import time
import uuid
from decimal import Decimal
from itertools import count

import django

django.setup()

from benchmarks.catalogue import ADDRESS  # noqa: E402
from benchmarks.stage import as_json  # noqa: E402
from cryptons import clock  # noqa: E402
from cryptons.errors import DomainError  # noqa: E402
from orders.services import LineRequest, place_order  # noqa: E402
from payments.rates import Quote  # noqa: E402
from shop.models import Product  # noqa: E402


def main(seconds: float) -> None:
    """Buy two different things an order, other ones each time."""
    keys = list(Product.objects.filter(sku__startswith="B-").values_list("pk", flat=True))
    print("ready", flush=True)
    sys.stdin.readline()
    taken: list[float] = []
    failed = 0
    started, used = time.perf_counter(), time.process_time()
    offset = uuid.uuid4().int % len(keys)
    for number in count(offset):
        before = time.perf_counter()
        if before - started > seconds:
            break
        chosen = keys[number * 7 % len(keys)], keys[(number * 7 + 3) % len(keys)]
        failed += not _bought(chosen)
        taken.append((time.perf_counter() - before) * 1000)
    result = {"ms": [round(ms, 2) for ms in taken], "failed": failed}
    print(as_json(result | {"seconds": time.perf_counter() - started, "cpu": time.process_time() - used}))


def _bought(chosen: tuple[uuid.UUID, ...]) -> bool:
    try:
        place_order(
            checkout_key=uuid.uuid4().hex,
            user=None,
            email="buyer@example.org",
            address=ADDRESS,
            lines=[LineRequest(key, 1) for key in chosen],
            quote=Quote(Decimal(60000), "fixed", clock.now()),
        )
    except DomainError:
        return False
    return True


if __name__ == "__main__":
    main(float(sys.argv[1]))
