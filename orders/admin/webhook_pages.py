"""The pages on which an endpoint is added and changed, and the one that shows its secret, once."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cryptons.errors import DomainError, Forbidden, NotFound
from orders.admin.actors import actor_of
from orders.models import WebhookEndpoint
from orders.webhooks import endpoints
from orders.webhooks.events import WebhookEvent


class EndpointForm(forms.Form):
    """What staff say about an endpoint."""

    url = forms.CharField(
        label="Address",
        max_length=500,
        widget=forms.URLInput(attrs={"class": "vURLField", "autocomplete": "off"}),
        help_text="Such as https://partner.example/hooks/orders. Addresses of this store's own network are not taken.",
    )
    description = forms.CharField(
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Whose it is and what for, for your colleagues.",
    )
    events = forms.MultipleChoiceField(
        choices=[(event.value, f"{event.value}: {event.label}") for event in WebhookEvent],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: all of them.",
    )
    is_active = forms.BooleanField(label="Switched on", required=False, initial=True)


def endpoint_page(model_admin: Any, request: HttpRequest, key: str | None) -> HttpResponse:
    """Show one endpoint, or the form for a new one, and save what comes back."""
    endpoint = _endpoint(key) if key else None
    _require_look(model_admin, request, endpoint)
    form = EndpointForm(request.POST or None, initial=_initial(endpoint))
    if request.method == "POST" and form.is_valid():
        saved = _save(request, endpoint, form)
        if saved is not None:
            return _done(model_admin, request, saved, is_new=endpoint is None)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Change webhook endpoint" if endpoint else "Add webhook endpoint",
        "form": form,
        "endpoint": endpoint,
        "state": model_admin.state(endpoint) if endpoint else "",
        "may_change": model_admin.has_change_permission(request) if endpoint else True,
        "opts": WebhookEndpoint._meta,
    }
    return render(request, "admin/orders/webhook_endpoint.html", context)


def new_secret_page(model_admin: Any, request: HttpRequest, key: UUID) -> HttpResponse:
    """Renew the secret of an endpoint and show it; asked for by GET, show the endpoint."""
    if request.method != "POST":
        return redirect("admin:orders_webhookendpoint_change", key)
    try:
        endpoint = endpoints.renew_secret(endpoint_id=key, actor=actor_of(request))
    except Forbidden as error:
        raise PermissionDenied(error.message) from error
    except NotFound as error:
        raise Http404(error.message) from error
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("admin:orders_webhookendpoint_change", key)
    model_admin.log_change(request, endpoint, "Secret renewed.")
    return _show_secret(model_admin, request, endpoint, is_new=False)


def _save(request: HttpRequest, endpoint: WebhookEndpoint | None, form: EndpointForm) -> WebhookEndpoint | None:
    """Save what the form says; where it is refused put the reasons beside its fields and return None."""
    said = form.cleaned_data
    try:
        if endpoint is None:
            return endpoints.create_endpoint(actor=actor_of(request), **said)
        return endpoints.change_endpoint(endpoint_id=endpoint.pk, actor=actor_of(request), **said)
    except Forbidden as error:
        raise PermissionDenied(error.message) from error
    except DomainError as error:
        for detail in error.details or [{"field": None, "message": error.message}]:
            field = detail["field"]
            form.add_error(str(field) if field else None, str(detail["message"]))
        return None


def _done(model_admin: Any, request: HttpRequest, endpoint: WebhookEndpoint, *, is_new: bool) -> HttpResponse:
    if is_new:
        model_admin.log_addition(request, endpoint, "Added.")
        return _show_secret(model_admin, request, endpoint, is_new=True)
    model_admin.log_change(request, endpoint, "Changed.")
    messages.success(request, f"{endpoint.url} is saved.")
    return redirect(reverse("admin:orders_webhookendpoint_changelist"))


def _show_secret(model_admin: Any, request: HttpRequest, endpoint: WebhookEndpoint, *, is_new: bool) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "The endpoint's secret",
        "endpoint": endpoint,
        "is_new": is_new,
        "opts": WebhookEndpoint._meta,
    }
    return render(request, "admin/orders/webhook_secret.html", context)


def _require_look(model_admin: Any, request: HttpRequest, endpoint: WebhookEndpoint | None) -> None:
    may = (
        model_admin.has_add_permission(request)
        if endpoint is None
        else model_admin.has_view_or_change_permission(request, endpoint)
    )
    if not may:
        raise PermissionDenied


def _endpoint(key: str) -> WebhookEndpoint:
    try:
        return endpoints.get_endpoint(endpoint_id=UUID(key))
    except (NotFound, ValueError) as error:
        raise Http404("There is no such endpoint.") from error


def _initial(endpoint: WebhookEndpoint | None) -> dict[str, Any]:
    if endpoint is None:
        return {}
    return {name: getattr(endpoint, name) for name in ("url", "description", "events", "is_active")}
