"""Addresses of the orders pages."""

from django.urls import URLPattern

app_name = "orders"
urlpatterns: list[URLPattern] = []
