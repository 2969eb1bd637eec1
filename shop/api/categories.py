"""/api/categories: the tree that the products stand in."""

from django.http import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from cryptons.api.describe import described
from cryptons.api.paging import PageQuery, paged
from cryptons.api.requests import query
from cryptons.api.views import ANYONE, ApiView
from shop.api import shapes
from shop.api.common import category_of, kept
from shop.tree import tree_at
from shop.version import catalogue_version


class Categories(ApiView):
    """The whole tree."""

    access = {"GET": ANYONE}

    @described(gives=shapes.CategoryShape, query=PageQuery, paged=True, conditional=True)
    def get(self, request: Request) -> HttpResponseBase:
        """Answer with the categories at the top, each with all below it; pages count those at the top."""
        query(request, PageQuery)
        version = catalogue_version()
        return kept(
            request, version, lambda: paged(request, tree_at(version).roots, shapes.category_data), reads=PageQuery
        )


class Category(ApiView):
    """One category, by id or slug."""

    access = {"GET": ANYONE}

    @described(gives=shapes.CategoryShape, conditional=True)
    def get(self, request: Request, category_id: str) -> HttpResponseBase:
        """Answer with the category and all below it."""
        version = catalogue_version()
        node = category_of(tree_at(version), category_id)
        return kept(request, version, lambda: Response(shapes.category_data(node)))
