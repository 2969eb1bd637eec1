"""The cart's page and what its forms do. Each works with a redirect, and with htmx answers the part that changed."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cryptons.errors import DomainError, InvalidInput, NotFound
from cryptons.money import format_btc, format_fiat
from cryptons.pagecache import framed
from cryptons.redirects import local_url
from shop.addresses import cart_path
from shop.cart import Cart, cart_for
from shop.cart_base import in_words, total_of
from shop.coinprice import approximate
from shop.same_origin import same_origin

REMOVED = "cart_removed"
"""Session key of what was just removed, `[product id, name, quantity]`: shown once, with a way back."""


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the cart, what changed since the last time, and what it comes to."""
    page = framed(request, "shop/cart.html", _shown(request, cart_for(request)))
    page["Cache-Control"] = "private, no-store"
    return page


@require_POST
@same_origin
def add(request: HttpRequest) -> HttpResponse:
    """Put a product into the cart; stay on the page."""
    cart = cart_for(request)
    try:
        change = cart.add(_product_id(request), _quantity(request, default=1))
    except DomainError as error:
        return _added(request, cart, error.message, ok=False)
    return _added(request, cart, change.message, ok=not change.capped)


@require_POST
@same_origin
def change(request: HttpRequest) -> HttpResponse:
    """Set how many pieces the cart holds of a product."""
    cart = cart_for(request)
    try:
        product_id, quantity = _product_id(request), _quantity(request)
        if quantity == 0:
            return remove(request)
        changed = cart.set(product_id, quantity)
    except DomainError as error:
        return _back(request, cart, error.message)
    return _back(request, cart, changed.message if changed.capped else "")


@require_POST
@same_origin
def remove(request: HttpRequest) -> HttpResponse:
    """Take a product out of the cart, and remember it for undoing."""
    cart = cart_for(request)
    try:
        product_id = _product_id(request)
    except DomainError as error:
        return _back(request, cart, error.message)
    name = next((entry.product.name for entry in cart.entries_to_show() if entry.product.id == product_id), "")
    quantity = cart.remove(product_id)
    if quantity and name:
        request.session[REMOVED] = [str(product_id), name, quantity]
    return _back(request, cart, "")


@require_POST
@same_origin
def undo(request: HttpRequest) -> HttpResponse:
    """Put back what was removed. Sending it twice puts it back once."""
    cart = cart_for(request)
    try:
        changed = cart.set(_product_id(request), _quantity(request, default=1))
    except DomainError as error:
        return _back(request, cart, error.message)
    return _back(request, cart, changed.message if changed.capped else "")


def _shown(request: HttpRequest, cart: Cart) -> dict[str, Any]:
    """Return what `shop/_cart.html` shows; what it tells of changes counts as told."""
    entries = cart.entries_to_show()
    cart.accept_changes(entries)
    total = total_of(entries)
    bought = sum([entry.is_available for entry in entries])
    count = sum([entry.quantity for entry in entries])
    return {
        "entries": entries,
        "total": total,
        "sum": format_fiat(total, settings.CURRENCY),
        "coin": _in_coin(total) if total else "",
        "cart_count": count,
        "pieces": in_words(count),
        "can_check_out": bought > 0,
        "some_missing": bought < len(entries),
        "removed": request.session.pop(REMOVED, None) if REMOVED in request.session else None,
    }


def _in_coin(total: Decimal) -> str:
    """Return in words what `total` is about in bitcoin and by which rate, nothing while none is known."""
    price = approximate(total, settings.CURRENCY)
    if price is None:
        return ""
    return f"{format_btc(price.satoshi)} BTC at the rate of {timezone.localtime(price.rate_at):%H:%M %Z}"


def _added(request: HttpRequest, cart: Cart, message: str, *, ok: bool) -> HttpResponse:
    if _is_htmx(request):
        shown = {"message": message, "ok": ok, "pieces": cart.count(), "cart_at": cart_path()}
        return HttpResponse(render_to_string("shop/_added.html", shown))
    messages.add_message(request, messages.SUCCESS if ok else messages.WARNING, message)
    return HttpResponseRedirect(local_url(request, request.POST.get("next"), cart_path()))


def _back(request: HttpRequest, cart: Cart, message: str) -> HttpResponse:
    if message:
        messages.warning(request, message)
    if _is_htmx(request):
        return render(request, "shop/_cart.html", {**_shown(request, cart), "out_of_band": True})
    return redirect("shop:cart")


def _product_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("product", ""))
    except ValueError as error:
        raise NotFound("This product is not sold any more.") from error


def _quantity(request: HttpRequest, default: int | None = None) -> int:
    sent = request.POST.get("quantity", "").strip()
    if not sent and default is not None:
        return default
    if not (sent.isascii() and sent.isdigit() and len(sent) <= 6):
        raise InvalidInput("Write the number of pieces in figures, such as 2.")
    return int(sent)


def _is_htmx(request: HttpRequest) -> bool:
    return request.META.get("HTTP_HX_REQUEST") == "true"
