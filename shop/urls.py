"""Addresses of the shop pages."""

from django.urls import URLPattern

app_name = "shop"
urlpatterns: list[URLPattern] = []
