"""Endpoints that are told about orders, and the record of what they were told."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone

from cryptons.errors import DomainError
from cryptons.long_list import LongList
from orders.admin import webhook_pages
from orders.admin.actors import actor_of
from orders.admin.records import LookOnly
from orders.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from orders.webhooks import endpoints


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(admin.ModelAdmin[WebhookEndpoint]):
    """The endpoints. They are added and changed on pages of their own, as saving one asks the network where it leads."""

    list_display = ("url", "description", "state", "wanted", "created_at")
    list_filter = ("is_active",)
    search_fields = ("url", "description")
    actions = ("send_test",)

    def get_urls(self) -> list[URLPattern]:
        renew = self.admin_site.admin_view(self.renew_secret)
        return [path("<uuid:key>/secret/", renew, name="orders_webhookendpoint_secret"), *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return webhook_pages.endpoint_page(self, request, object_id)

    def renew_secret(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Give an endpoint a new secret and show it."""
        return webhook_pages.new_secret_page(self, request, key)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # switched off it tells no more, and its record stays

    @admin.action(description="Send a test message", permissions=["change"])
    def send_test(self, request: HttpRequest, queryset: "QuerySet[WebhookEndpoint]") -> None:
        for endpoint in queryset:
            try:
                endpoints.send_test(endpoint_id=endpoint.pk, actor=actor_of(request))
            except DomainError as error:
                messages.error(request, f"{endpoint.url}: {error.message}")
            else:
                messages.success(request, f"A test message for {endpoint.url} leaves within seconds.")

    @admin.display(description="state")
    def state(self, endpoint: WebhookEndpoint) -> str:
        if not endpoint.is_active:
            return f"Switched off. {endpoint.off_because}".strip()
        if endpoint.failing_since:
            since = timezone.localtime(endpoint.failing_since)
            return f"Failing since {since:%Y-%m-%d %H:%M}, {endpoint.failures} tries in a row"
        return "Good"

    @admin.display(description="events")
    def wanted(self, endpoint: WebhookEndpoint) -> str:
        return ", ".join(endpoint.events) or "all"


class StateFilter(admin.SimpleListFilter):
    """What became of a delivery."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("delivered", "Delivered"),
            ("waiting", "Waiting"),
            ("failing", "Failed, will be tried again"),
            ("gone", "Given up"),
        ]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        chosen = {
            "delivered": {"sent_at__isnull": False},
            "waiting": {"next_attempt_at__isnull": False},
            "failing": {"next_attempt_at__isnull": False, "first_attempt_at__isnull": False},
            "gone": {"next_attempt_at__isnull": True, "sent_at__isnull": True},
        }
        return queryset.filter(**chosen.get(self.value() or "", {}))


class AttemptInline(LookOnly, admin.TabularInline[WebhookAttempt, Any]):
    """Each try."""

    model = WebhookAttempt
    fields = ("number", "at", "milliseconds", "status_code", "error", "answer")
    readonly_fields = fields
    extra = 0


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(LookOnly, LongList, admin.ModelAdmin[WebhookDelivery]):
    """What endpoints were, and have yet to be, told; also those that are gone, so endpoints are fetched and never joined."""

    list_display = (
        "created_at",
        "state",
        "event",
        "order",
        "sequence",
        "attempts",
        "told",
        "next_attempt_at",
        "last_error",
    )
    list_filter = (StateFilter, "endpoint", "event", "created_at")
    fetched = ("order", "endpoint")
    search_fields = ("order__number",)
    search_help_text = "Order number, or the id of an event"
    inlines = (AttemptInline,)
    fields = (
        "event",
        "event_id",
        "order",
        "sequence",
        "told",
        "state",
        "attempts",
        "created_at",
        "sent_at",
        "next_attempt_at",
        "last_error",
        "body",
    )
    readonly_fields = ("told", "state", "created_at")
    actions = ("deliver_again",)

    class Media:
        css = {"all": ("css/orders-admin.css",)}

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[WebhookDelivery]", search_term: str
    ) -> tuple["QuerySet[WebhookDelivery]", bool]:
        try:
            return queryset.filter(event_id=UUID(search_term.strip())), False
        except ValueError:
            return super().get_search_results(request, queryset, search_term)

    @admin.action(description="Deliver again", permissions=["resend"])
    def deliver_again(self, request: HttpRequest, queryset: "QuerySet[WebhookDelivery]") -> None:
        # Without what the list shows with them: of very many, PostgreSQL takes no statement that names the orders of all.
        for row in queryset.prefetch_related(None).order_by("created_at"):
            try:
                endpoints.deliver_again(delivery_id=row.pk, actor=actor_of(request))
            except DomainError as error:
                messages.error(request, f"{row}: {error.message}")
            else:
                messages.success(request, f"{row} leaves again within seconds.")

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return endpoints.may(actor_of(request), "change_webhookdelivery")

    @admin.display(description="state")
    def state(self, row: WebhookDelivery) -> str:
        return row.state

    @admin.display(description="endpoint")
    def told(self, row: WebhookDelivery) -> str:
        try:
            return row.endpoint.url
        except WebhookEndpoint.DoesNotExist:
            return f"Deleted ({row.endpoint_id})"
