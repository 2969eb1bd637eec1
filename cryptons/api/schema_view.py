"""/api/schema: the description as JSON, the same bytes until the store is started with other code."""

from functools import cache

from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request

from cryptons.api import wire
from cryptons.api.conditional import etag_of, public
from cryptons.api.envelope import JSON
from cryptons.api.views import ANYONE, ApiView


class SchemaView(ApiView):
    """The OpenAPI 3 description of everything under /api. It is what it is: without the envelope."""

    schema = None
    access = {"GET": ANYONE}

    def get(self, request: Request) -> HttpResponseBase:
        """Answer with the description."""
        text = _described()
        return public(
            request,
            etag=etag_of(text),
            render=lambda: HttpResponse(text, content_type=JSON),
            max_age=300,
        )


@cache
def _described() -> bytes:
    return wire.dumps(SchemaGenerator().get_schema(public=True))
