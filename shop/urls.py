"""Addresses of the shop pages."""

from django.urls import include, path

from shop import cart_views, views, wishlist_views

app_name = "shop"
_CART = [
    path("", cart_views.show, name="cart"),
    path("add/", cart_views.add, name="cart_add"),
    path("set/", cart_views.change, name="cart_set"),
    path("remove/", cart_views.remove, name="cart_remove"),
    path("undo/", cart_views.undo, name="cart_undo"),
]
urlpatterns = [
    # First what is asked for most of all that is not kept.
    path("cart/", include(_CART)),
    path("", views.home, name="home"),
    path("favicon.ico", views.favicon),
    path("products/", views.products, name="products"),
    path("search/suggestions/", views.suggestions, name="suggestions"),
    path("c/<slug:slug>/", views.products, name="category"),
    path("p/<slug:slug>/", views.product, name="product"),
    path("wishlist/", wishlist_views.show, name="wishlist"),
    path("wishlist/<slug:slug>/add/", wishlist_views.add, name="wishlist_add"),
    path("wishlist/<slug:slug>/remove/", wishlist_views.remove, name="wishlist_remove"),
    path("wishlist/<slug:slug>/to-cart/", wishlist_views.to_cart, name="wishlist_to_cart"),
]
