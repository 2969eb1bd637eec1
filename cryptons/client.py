"""Who is asking: the client's network address, through as many proxies of ours as there are."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the address of the client.

    Each of our `TRUSTED_PROXIES` appends to `X-Forwarded-For` the address it was reached from, so only that many entries from the
    right were written by us; what stands before them anybody can make up.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    hops = settings.TRUSTED_PROXIES
    if not hops:
        return direct
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    return forwarded[-hops] if len(forwarded) >= hops else direct
