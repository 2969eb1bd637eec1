"""The addresses of the API, without a slash at their end. Each app brings its own; what nobody knows is answered in the envelope."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from cryptons.api.docs_view import docs
from cryptons.api.schema_view import SchemaView
from cryptons.api.views import UnknownPath

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/auth/", include("accounts.api.urls")),
    path("api/", include("orders.api.urls")),
    path("api/admin/", include("cryptons.dashboard.urls")),
    path("api/", include("reviews.api.urls")),
    path("api/", include("shop.api.urls")),
    path("api/", include("payments.api.urls")),
    path("api/docs", docs, name="api_docs"),
    path("api/schema", SchemaView.as_view(), name="api_schema"),
    re_path(r"^api(?:/.*)?\Z", UnknownPath.as_view()),
]
