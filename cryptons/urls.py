"""The store's addresses: each app brings its own, the admin is mounted beside them."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.static import serve

from cryptons import health

admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.index_title = "What there is to look after"

urlpatterns: list[URLPattern | URLResolver] = [
    # What is asked for most is found first.
    path("", include("cryptons.api_urls")),
    path("", include("shop.urls")),
    path("account/", include("accounts.urls")),
    path("", include("orders.urls")),
    path("", include("payments.urls")),
    path("", include("reviews.urls")),
    path("healthz", health.live, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("admin/", include("cryptons.dashboard.admin_urls")),
    path("admin/", admin.site.urls),
]

if settings.SERVE_MEDIA:
    # `manage.py up` has granian answer the products' before they come here; this serves them under any other server.
    urlpatterns.insert(0, re_path(r"^media/(?P<path>.+)$", serve, {"document_root": settings.MEDIA_ROOT}))
