"""Who is asking: the client's network address, through as many proxies of ours as there are."""

import re
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest

_WITH_PORT = re.compile(r"\[([0-9a-fA-F:.]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+")
_LONGEST = 100


def client_address(meta: Mapping[str, Any]) -> str:
    """Return the address of the client, without a port where a proxy named one. `meta` is a request's, as in WSGI (PEP 3333).

    Each of our `TRUSTED_PROXIES` appends to `X-Forwarded-For` the address it was reached from, so only that many entries from the
    right were written by us; what stands before them anybody can make up. With fewer entries the request did not come through them
    all, and counts for who it came from.
    """
    direct = str(meta.get("REMOTE_ADDR", ""))
    hops = settings.TRUSTED_PROXIES
    if not hops:
        return direct
    forwarded = [part.strip() for part in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    return _bare(forwarded[-hops]) if len(forwarded) >= hops else direct


def network_of(request: HttpRequest) -> str:
    """Return whom the client's address stands for (`network_in`)."""
    return network_in(request.META)


def network_in(meta: Mapping[str, Any]) -> str:
    """Return whom an address stands for: itself, or the /64 network that a customer of an IPv6 provider has to themselves.

    An IPv4 address counts as one also where it is written as IPv6. What is no address is taken as it is: it is some proxy's word.
    """
    return _network(client_address(meta))


@lru_cache(maxsize=10_000)
def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:_LONGEST]
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped) if parsed.ipv4_mapped else f"{IPv6Address(int(parsed) >> 64 << 64)}/64"


def _bare(entry: str) -> str:
    """Return the address in an entry such as `192.0.2.1:5555` or `[2001:db8::1]:443`."""
    found = _WITH_PORT.fullmatch(entry)
    return (found[1] or found[2]) if found else entry
