"""Addresses of what shoppers do with reviews; they read them on the product's page."""

from django.urls import URLPattern, path

from reviews import views

app_name = "reviews"
urlpatterns: list[URLPattern] = [
    path("p/<slug:slug>/review/", views.write, name="write"),
    path("reviews/<uuid:review_id>/delete/", views.delete, name="delete"),
    path("reviews/<uuid:review_id>/helpful/", views.helpful, name="helpful"),
]
