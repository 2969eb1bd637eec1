"""Where this process keeps its answers, and what an answer is."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from django.conf import settings
from django.http import HttpResponse

from cryptons.freshness import Seen
from cryptons.kept import Shelf

LONGEST_ADDRESS = 600
"""Characters of an address with its query; what is longer is answered and not kept."""
_SEEN = "was_made_of"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of status 200. Of a page with holes every second part names the template that fills it, else there is one part."""

    parts: tuple[bytes, ...]
    headers: tuple[tuple[str, str], ...]
    etag: str = ""

    @property
    def body(self) -> bytes:
        """Return the body of an answer without holes."""
        return self.parts[0]

    @property
    def length(self) -> int:
        """Return how many bytes the body has."""
        return sum(map(len, self.parts))


@dataclass(frozen=True, slots=True)
class Quick:
    """An answer ready to be sent: status, headers, and the body (none for HEAD and 304)."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@cache
def shelf() -> Shelf[Answer]:
    """Return what this process keeps: at most PAGE_CACHE_MB."""
    return Shelf(settings.PAGE_CACHE_MB * 1_000_000)


def etag_of_bytes(body: bytes) -> str:
    """Return the ETag (RFC 9110, 8.8.3) of these very bytes: the same in every process and on every machine."""
    return f'"{sha256(body).hexdigest()[:32]}"'


def mark_as_kept(response: HttpResponse, seen: Seen) -> None:
    """Note on a response that it is the same for everybody, and what it was made of."""
    setattr(response, _SEEN, seen)


def seen_of(response: HttpResponse) -> Seen | None:
    """Return what an answer that is the same for everybody was made of, None for any other."""
    found: Seen | None = getattr(response, _SEEN, None)
    return found
