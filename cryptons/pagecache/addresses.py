"""What of an address makes another answer."""

from collections.abc import Iterable

from django.http import HttpRequest, QueryDict
from django.utils.http import urlencode


def leave_of_query(request: HttpRequest, names: Iterable[str]) -> None:
    """Leave of the query what is in `names`, each once (the last counts, as everywhere) and in this order.

    So nobody can put something of theirs onto a page that is kept for others, nor have one page kept a thousand times.
    """
    sent = request.GET
    if not sent:
        return
    query = urlencode([(name, sent[name]) for name in names if name in sent])
    request.META["QUERY_STRING"] = query
    request.GET = QueryDict(query)
