"""Addresses of the payments pages."""

from django.urls import URLPattern, path

from payments import views

app_name = "payments"
urlpatterns: list[URLPattern] = [
    path("pay/<uuid:payment_id>/panel", views.panel, name="panel"),
    path("pay/<uuid:payment_id>/qr.svg", views.qr, name="qr"),
    path("pay/<uuid:payment_id>/retry", views.retry, name="retry"),
]
