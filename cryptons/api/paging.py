"""Lists in pages: `page` from 1, `limit` from 1 to 100."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from cryptons.api.fields import Query, Shape, Whole
from cryptons.api.requests import query
from cryptons.pages import part_of

USUAL = 20
MOST = 100


class PageQuery(Query):
    """`page` and `limit`; a list with filters inherits from this."""

    page = Whole(min_value=1, default=1)
    limit = Whole(min_value=1, max_value=MOST, default=USUAL)


class PageMetaShape(Shape):
    """Where in a list one is. A list that tells more beside its pages inherits from this."""

    example = {"page": 1, "limit": 20, "total": 1, "pages": 1}

    page = Whole()
    limit = Whole()
    total = Whole()
    pages = Whole()


@dataclass(frozen=True, slots=True)
class Cut:
    """The part of a list that was asked for."""

    page: int
    limit: int

    @property
    def start(self) -> int:
        """The index of its first row."""
        return (self.page - 1) * self.limit

    def of(self, rows: "QuerySet[Any, Any] | Sequence[Any]", total: int) -> list[Any]:
        """Return the rows of this page of `total`; none past the end, without asking the database."""
        if self.start >= total:
            return []
        part = part_of(rows, self.start, self.limit) if isinstance(rows, QuerySet) else rows[self.start :][: self.limit]
        return list(part)

    def meta(self, total: int, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return what `meta` says of a list of `total` rows; an empty one has no pages."""
        return {
            "page": self.page,
            "limit": self.limit,
            "total": total,
            "pages": -(-total // self.limit),
            **(more or {}),
        }


def cut_of(values: Mapping[str, Any]) -> Cut:
    """Return the part that checked `PageQuery` values name."""
    return Cut(values["page"], values["limit"])


class PageResponse(Response):
    """An answer with `meta`, which `EnvelopeRenderer` puts beside the data."""

    def __init__(self, data: Sequence[Any], meta: Mapping[str, Any]) -> None:
        super().__init__(list(data))
        self.meta = dict(meta)


def answer_page(data: Sequence[Any], meta: Mapping[str, Any]) -> Response:
    """Return the answer for one page of a list."""
    return PageResponse(data, meta)


def paged(
    request: Request,
    rows: "QuerySet[Any, Any] | Sequence[Any]",
    present: Callable[[Any], Any],
    *,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """Return the page of `rows` that the request asks for, each row through `present`; `more` is added to `meta`.

    Two queries at most: the count and the page. Raises ValidationError for a wrong page or limit.
    """
    cut = cut_of(query(request, PageQuery))
    total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    return answer_page([present(row) for row in cut.of(rows, total)], cut.meta(total, more))
