"""/api/products: what is for sale."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponseBase
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from cryptons.api.describe import described
from cryptons.api.fields import told_all
from cryptons.api.rendering import StrictJSONParser
from cryptons.api.requests import body, query
from cryptons.api.views import ANYONE, ApiView
from shop import services
from shop.api import shapes
from shop.api.common import kept, key_of
from shop.api.lists import page
from shop.api.written import one_written
from shop.filters import tidy
from shop.offers import get_offer
from shop.search.finding import suggest
from shop.version import catalogue_version

LARGEST_FORM = 64 * 1024 * 1024
"""Bytes of a form with pictures."""

_CLASH = ["ALREADY_EXISTS", "NOT_FOUND"]
_EXAMPLE = {
    "name": "Copper kettle",
    "description": "Sings.",
    "price": 49.5,
    "category": "kitchen",
    "sku": "KET-1",
    "stock": 12,
}


class FormParser(MultiPartParser):
    """Reads a form with files, which Django lets be of any size."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return what was sent. Raises ParseError, RequestDataTooBig."""
        length = str(stream.META.get("CONTENT_LENGTH") or "0")
        if not length.isdecimal() or int(length) > LARGEST_FORM:
            raise RequestDataTooBig("The form is larger than the store takes.")
        return super().parse(stream, media_type, parser_context)


class Products(ApiView):
    """The products."""

    access = {"GET": ANYONE, "POST": "products:write"}
    parser_classes = [StrictJSONParser, FormParser]

    @described(
        gives=shapes.ProductShape,
        query=shapes.ProductQuery,
        paged=True,
        meta=shapes.ProductMetaShape,
        conditional=True,
        errors=["NOT_FOUND"],
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Answer with a page of what is sold; `meta.facets` says how all that matches is divided."""
        sent = query(request, shapes.ProductQuery)
        version = catalogue_version()
        return kept(request, version, lambda: page(sent, version), reads=shapes.ProductQuery)

    @described(takes=shapes.ProductEditShape, gives=shapes.ProductShape, status=201, errors=_CLASH, example=_EXAMPLE)
    def post(self, request: Request) -> Response:
        """Add a product."""
        sent = body(request, shapes.ProductEditShape)
        pictures = sent.pop("images", [])
        added = services.create_product(actor=request.user, values=sent, pictures=pictures)
        return Response(shapes.product_data(get_offer(product_id=added.pk)), status=201)


class Suggestions(ApiView):
    """Names while they are typed."""

    access = {"GET": ANYONE}

    @described(gives=shapes.SuggestionShape, query=shapes.SuggestionQuery, many=True, conditional=True)
    def get(self, request: Request) -> HttpResponseBase:
        """Answer with up to eight products whose names match."""
        words = tidy(query(request, shapes.SuggestionQuery).get("q", ""))
        return kept(request, catalogue_version(), lambda: _suggestions(words), reads=shapes.SuggestionQuery)


class Product(ApiView):
    """One product, by id or slug."""

    access = {"GET": ANYONE, "PUT": "products:write", "PATCH": "products:write", "DELETE": "products:write"}
    parser_classes = [StrictJSONParser, FormParser]

    @described(gives=shapes.ProductShape, conditional=True)
    def get(self, request: Request, product_id: str) -> HttpResponseBase:
        """Answer with the product."""
        key, version = key_of(product_id), catalogue_version()
        return kept(request, version, lambda: Response(one_written(version, product_id=key, slug=product_id)))

    @described(takes=shapes.ProductEditShape, gives=shapes.ProductShape, errors=["ALREADY_EXISTS"], example=_EXAMPLE)
    def put(self, request: Request, product_id: str) -> Response:
        """Write the product anew; what is optional and left out stays as it is."""
        return _change(request, product_id, partial=False)

    @described(
        takes=shapes.ProductEditShape, gives=shapes.ProductShape, errors=["ALREADY_EXISTS"], example={"price": 39.9}
    )
    def patch(self, request: Request, product_id: str) -> Response:
        """Change what was sent and leave the rest."""
        return _change(request, product_id, partial=True)

    @described()
    def delete(self, request: Request, product_id: str) -> Response:
        """Take the product out of the shop. One that was ever sold is only hidden."""
        services.delete_product(actor=request.user, product_id=_written(product_id))
        return Response(None)


def _suggestions(words: str) -> Response:
    found = suggest(words=words)
    return Response(told_all(shapes.SuggestionShape, found))


def _change(request: Request, named: str, *, partial: bool) -> Response:
    key = _written(named)
    sent = body(request, shapes.ProductEditShape, partial=partial)
    pictures = sent.pop("images", None)
    services.change_product(actor=request.user, product_id=key, values=sent, pictures=pictures)
    return Response(shapes.product_data(get_offer(product_id=key)))


def _written(named: str) -> Any:
    """Return the id of the product that an address names by id or slug. Raises NotFound."""
    return key_of(named) or get_offer(slug=named).id
