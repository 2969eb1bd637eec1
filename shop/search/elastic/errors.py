"""What may go wrong with a server elsewhere, in the shop's words."""

from collections.abc import Iterator
from contextlib import contextmanager

from elasticsearch import ApiError, ConnectionTimeout, NotFoundError, TransportError, UnsupportedProductError

from shop.search.engine import SearchFailed, SearchNotReady, SearchUnavailable

_MISSING = {"index_not_found_exception", "aliases_not_found_exception"}
NOT_READY = "There is no search index of this version of the store in Elasticsearch. Run: manage.py rebuild_search"


@contextmanager
def asking() -> Iterator[None]:
    """Turn the errors of a request, and of reading its answer, into the shop's."""
    try:
        yield
    except UnsupportedProductError as error:
        raise SearchUnavailable("What answers at ELASTICSEARCH_URL is no Elasticsearch.") from error
    except NotFoundError as error:
        if is_missing(error.body):
            raise SearchNotReady(NOT_READY) from error
        raise _refused(error) from error
    except ApiError as error:
        raise _refused(error) from error
    except ConnectionTimeout as error:
        raise SearchUnavailable("Elasticsearch did not answer in time.") from error
    except TransportError as error:
        raise SearchUnavailable(f"Elasticsearch cannot be reached: {error.message}") from error


@contextmanager
def understanding() -> Iterator[None]:
    """Read an answer: one that lacks what it should have is an error of the server's, or of something between."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise SearchUnavailable("Elasticsearch answered something that is not understood.") from error


def is_missing(body: object) -> bool:
    """Tell whether an error's body says that there is no such index or alias."""
    error = body.get("error") if isinstance(body, dict) else None
    return isinstance(error, dict) and error.get("type") in _MISSING


def _refused(error: ApiError) -> SearchUnavailable:
    status = error.meta.status
    if status == 400:
        return SearchFailed(f"Elasticsearch does not understand a request: {error}")
    if status in {401, 403}:
        return SearchUnavailable(f"Elasticsearch does not let the store in ({status}): see ELASTICSEARCH_URL.")
    return SearchUnavailable(f"Elasticsearch refused a request ({status}): {error}")
