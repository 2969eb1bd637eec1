"""Which addresses the store sends to where somebody else says whom: none of its own network, or a form would be a door into it."""

import re
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

_PRINTABLE = re.compile(r"[\x21-\x7e]{1,500}")
_WEB_PORTS = {80, 443}
_LEAST_FREE_PORT = 1024

# What Python's `is_global` lets pass although nobody's server is there: protocol assignments and the 6to4 relays (RFC 6890, 7526).
_NOBODYS = [IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24")]
_UNICAST = IPv6Network("2000::/3")  # all of IPv6 that is handed out (RFC 4291, 2.4)
_TRANSLATED = IPv6Network("64:ff9b::/96")  # IPv4 as an IPv6-only network sees it (RFC 6052)

# Resolving cannot be told to stop, so it is done beside, and left alone where it takes too long.
_resolvers = ThreadPoolExecutor(8, thread_name_prefix="resolver")


class NotAllowed(ValueError):
    """The store does not send there; the message says why."""


@dataclass(frozen=True, slots=True)
class Rules:
    """`private`: addresses of one's own network are fine too, and plain HTTP with them. `https`: nothing but HTTPS otherwise."""

    private: bool
    https: bool


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of an address that may be asked, as far as its text tells."""

    host: str
    port: int


def target_of(url: str, rules: Rules) -> Target:
    """Return where `url` leads, without asking anybody. Raises NotAllowed."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotAllowed("This is not an address.") from None
    if not _PRINTABLE.fullmatch(url) or not host or parts.scheme not in {"http", "https"}:
        raise NotAllowed(
            "Write a whole address such as https://partner.example/hook, without spaces or letters with accents."
        )
    if rules.https and not rules.private and parts.scheme != "https":
        raise NotAllowed("The address has to begin with https://, as orders are nobody else's business.")
    if parts.username is not None or parts.password is not None or parts.fragment or "%" in host or "\\" in url:
        raise NotAllowed("The address may hold no user name, no password and nothing after a #.")
    port = port if port is not None else 443 if parts.scheme == "https" else 80
    if not (port in _WEB_PORTS or port >= _LEAST_FREE_PORT or (rules.private and port)):
        raise NotAllowed(f"Port {port} belongs to something else than web pages.")
    return Target(host, port)


def addresses_of(target: Target, rules: Rules, *, seconds: float) -> list[str]:
    """Return the network addresses of `target`, each of them allowed.

    Raises NotAllowed where one of them is not, OSError where the name has none or is not found within `seconds`.
    """
    asked = _resolvers.submit(socket.getaddrinfo, target.host, target.port, type=socket.SOCK_STREAM)
    try:
        entries = asked.result(timeout=max(seconds, 0))
    except UnicodeError:
        raise NotAllowed("There is no host of this name.") from None
    found = list(dict.fromkeys(str(entry[4][0]) for entry in entries))
    if not rules.private and not all(is_public(address) for address in found):
        raise NotAllowed("The address leads into a private network, where this store does not send.")
    return found


def is_public(text: str) -> bool:
    """Return whether a network address is one of the open internet. An IPv4 address inside of an IPv6 one is judged as itself."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        inner = _within(address)
        if inner is not None:
            return is_public(str(inner))
        if address not in _UNICAST:
            return False
    elif any(address in network for network in _NOBODYS):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _within(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that a mapped, 6to4 or translated address stands for."""
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
