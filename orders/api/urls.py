"""The addresses under /api/orders."""

from django.urls import URLPattern, path

from orders.api import views, webhooks

app_name = "orders_api"
urlpatterns: list[URLPattern] = [
    path("orders", views.Orders.as_view(), name="orders"),
    path("orders/<str:order_id>", views.OneOrder.as_view(), name="order"),
    path("orders/<str:order_id>/cancel", views.Cancel.as_view(), name="cancel"),
    path("orders/<str:order_id>/status", views.Status.as_view(), name="status"),
    path("orders/<str:order_id>/events", views.Events.as_view(), name="events"),
    path("orders/<str:order_id>/payment", views.Payment.as_view(), name="payment"),
    path("webhooks/payment", webhooks.PaymentWebhook.as_view(), name="payment_webhook"),
]
