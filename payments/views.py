"""The payment panel: what a person with money in hand looks at. Whoever knows a payment's id may see it; it shows no personal data."""

import io
from uuid import UUID

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from cryptons.errors import DomainError, NotFound
from cryptons.redirects import local_url
from payments import services
from payments.selectors import PaymentView, payment_view


@never_cache
@require_GET
def panel(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Return the panel's changing part, or 204 where it would look as the page says it does (`?state=`)."""
    view = _view(payment_id)
    if request.GET.get("state") == view.fingerprint:
        return HttpResponse(status=204)
    context = {"view": view, "next": local_url(request, request.GET.get("next"))}
    response = render(request, "payments/_state.html", context)
    if view.is_final:
        response["HX-Trigger"] = "payment-final"
    return response


@never_cache
@require_GET
def qr(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Return the payment link as a QR code (SVG, dark on light whatever the page's colours, with its quiet zone)."""
    view = _view(payment_id)
    if not view.is_payable:
        raise Http404("There is nothing to pay.")
    out = io.BytesIO()
    segno.make_qr(view.uri, error="m").save(
        out, kind="svg", border=4, dark="#000", light="#fff", omitsize=True, xmldecl=False
    )
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")


@require_POST
def retry(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Ask the node for an address again, then go back to the page named by `next`."""
    try:
        services.provision(payment_id=payment_id)
    except NotFound as error:
        raise Http404(error.message) from error
    except DomainError as error:
        messages.warning(request, error.message)
    return redirect(local_url(request, request.POST.get("next"), "/"))


def _view(payment_id: UUID) -> PaymentView:
    try:
        return payment_view(payment_id=payment_id)
    except NotFound as error:
        raise Http404(error.message) from error
