"""Where to go next, when the request itself says so."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def local_url(request: HttpRequest, candidate: str | None, default: str = "") -> str:
    """Return `candidate` where it is the path of a page of this store, else `default`.

    A link must not send people to another site, and a bare word would be taken for the name of a view.
    """
    allowed = url_has_allowed_host_and_scheme(
        candidate, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return candidate if candidate and candidate.startswith("/") and allowed else default
