"""Who is asking: the client's network address, through as many proxies of ours as there are."""

from ipaddress import IPv6Address, ip_address

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


def network_of(request: HttpRequest) -> str:
    """Return whom an address stands for: itself, or the /64 network that a customer of an IPv6 provider has to themselves."""
    address = client_address(request)
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
    return address
