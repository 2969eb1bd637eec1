"""The addresses of the API, without a slash at their end. Each app brings its own; what nobody knows is answered in the envelope."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from cryptons.api.docs_view import docs
from cryptons.api.schema_view import SchemaView
from cryptons.api.views import UnknownPath

_API: list[URLPattern | URLResolver] = [
    # What is asked for most is found first.
    path("", include("shop.api.urls")),
    path("", include("orders.api.urls")),
    path("auth/", include("accounts.api.urls")),
    path("admin/", include("cryptons.dashboard.urls")),
    path("", include("reviews.api.urls")),
    path("", include("payments.api.urls")),
    path("docs", docs, name="api_docs"),
    path("schema", SchemaView.as_view(), name="api_schema"),
    re_path(r"^.*\Z", UnknownPath.as_view()),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include(_API)),
    re_path(r"^api\Z", UnknownPath.as_view()),
]
