"""The addresses under /api/admin."""

from django.urls import URLPattern, path

from cryptons.dashboard import views

app_name = "admin_api"
urlpatterns: list[URLPattern] = [
    path("stats", views.StatsView.as_view(), name="stats"),
    path("analytics", views.AnalyticsView.as_view(), name="analytics"),
    path("health", views.HealthView.as_view(), name="health"),
]
