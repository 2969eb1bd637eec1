"""Addresses of the orders pages."""

from django.urls import URLPattern, path

from orders import views

app_name = "orders"
urlpatterns: list[URLPattern] = [
    path("checkout/", views.checkout, name="checkout"),
    path("orders/", views.history, name="history"),
    path("orders/<str:number>/", views.order_page, name="order"),
    path("orders/<str:number>/pay/", views.pay, name="pay"),
    path("orders/<str:number>/events/", views.events, name="events"),
    path("orders/<str:number>/cancel/", views.cancel, name="cancel"),
    path("orders/<str:number>/again/", views.buy_again, name="buy_again"),
    path("orders/<str:number>/account/", views.make_account, name="make_account"),
]
