"""The addresses under /admin that are the project's own."""

from django.contrib import admin
from django.urls import URLPattern, path

from cryptons.dashboard import pages

urlpatterns: list[URLPattern] = [
    path("", admin.site.admin_view(pages.desk), name="desk"),
    path("figures/", admin.site.admin_view(pages.figures), name="figures"),
    path("health/", admin.site.admin_view(pages.health_page), name="health"),
]
