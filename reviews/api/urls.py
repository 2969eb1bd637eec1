"""The addresses of reviews under /api/."""

from django.urls import URLPattern, path

from reviews.api import views

app_name = "reviews_api"
urlpatterns: list[URLPattern] = [
    path("reviews", views.Reviews.as_view(), name="reviews"),
    path("reviews/product/<str:product_id>", views.OfProduct.as_view(), name="of_product"),
    path("reviews/<str:review_id>", views.OneReview.as_view(), name="review"),
    path("reviews/<str:review_id>/helpful", views.Helpful.as_view(), name="helpful"),
    path("reviews/<str:review_id>/approve", views.Approve.as_view(), name="approve"),
]
