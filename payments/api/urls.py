"""The addresses of the payments' part of the API under /api/."""

from django.urls import URLPattern, path

from payments.api import rates

app_name = "payments_api"
urlpatterns: list[URLPattern] = [
    path("rates", rates.Rates.as_view(), name="rates"),
]
