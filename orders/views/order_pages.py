"""One order: its page, its payment page, and what its buyer can do with it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.services import sign_up
from accounts.views.common import browser_nonce, show_refusal
from cryptons.errors import DomainError, InvalidInput
from orders.access import with_order
from orders.forms import PasswordForm
from orders.models import Order
from orders.selectors import lines_of, payment_of, timeline_of
from orders.services import cancel_order
from orders.status import OrderStatus
from payments.models import Payment
from payments.selectors import view_of
from payments.status import PaymentStatus
from shop.cart import cart_for

_POLL_SECONDS: dict[str, int] = {OrderStatus.PENDING: 10, OrderStatus.PROCESSING: 30, OrderStatus.SHIPPED: 30}
"""How often a page that hears of nothing asks again; where nothing more is to come, never."""


@require_safe
@with_order
def order_page(request: HttpRequest, order: Order) -> HttpResponse:
    """Show what was bought, what was paid, and what happened since; printed it is the receipt.

    A page that asks again (by htmx, with the `state` it shows) is answered 204 where there is nothing new.
    """
    if "HX-Request" in request.headers and request.GET.get("state") == _state(order, payment_of(order=order)):
        return HttpResponse(status=204)
    return _show(request, order)


@require_safe
@with_order
def pay(request: HttpRequest, order: Order) -> HttpResponse:
    """Show where and how to pay, and what the shop sees of it."""
    payment = payment_of(order=order)
    if payment is None:
        return redirect(order)
    context = {"order": order, "lines": list(order.lines.all()), "view": view_of(payment)}
    return render(request, "orders/pay.html", context)


@require_POST
@with_order
def cancel(request: HttpRequest, order: Order) -> HttpResponse:
    """Cancel an order that nobody has paid yet."""
    actor = request.user if isinstance(request.user, User) and order.user_id == request.user.pk else None
    try:
        cancel_order(order_id=order.pk, actor=actor)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "The order is cancelled. You owe nothing.")
    return redirect(order)


@require_POST
@with_order
def buy_again(request: HttpRequest, order: Order) -> HttpResponse:
    """Put what was bought into the cart once more, as far as it is still sold."""
    cart = cart_for(request)
    for line in order.lines.all():
        try:
            if line.product_id is None:
                messages.warning(request, f"{line.name} is not sold any more.")
            else:
                change = cart.add(line.product_id, line.quantity)
                tell = messages.warning if change.capped else messages.success
                tell(request, change.message)
        except DomainError as error:
            messages.warning(request, f"{line.name}: {error.message}")
    return redirect("shop:cart")


@require_POST
@with_order
def make_account(request: HttpRequest, order: Order) -> HttpResponse:
    """Make an account for a guest who only has to choose a password; the order follows once the address is confirmed."""
    form = PasswordForm(request.POST)
    if not _may_make_account(request, order):
        return redirect(order)
    if form.is_valid():
        try:
            sign_up(email=order.email, password=form.cleaned_data["password"], nonce=browser_nonce(request))
        except InvalidInput as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"We sent an e-mail to {order.email}. Open its link to finish your account.")
            return redirect(order)
    return _show(request, order, form, status=422)


def _may_make_account(request: HttpRequest, order: Order) -> bool:
    return order.user_id is None and not request.user.is_authenticated


def _state(order: Order, payment: Payment | None) -> str:
    """Return what the page shows, as static/js/live.js reads it from an event."""
    return f"{order.status} {order.payment_status} {payment.confirmations if payment else 0}"


def _show(request: HttpRequest, order: Order, form: PasswordForm | None = None, *, status: int = 200) -> HttpResponse:
    payment = payment_of(order=order)
    waiting = order.status == OrderStatus.PENDING
    context = {
        "order": order,
        "lines": lines_of(order=order),
        "view": view_of(payment) if payment else None,
        "state": _state(order, payment),
        "poll_seconds": _POLL_SECONDS.get(order.status, 0),
        "timeline": timeline_of(order=order),
        "may_pay": waiting,
        "may_cancel": waiting and payment is not None and payment.status == PaymentStatus.NEW,
        "form": form or PasswordForm(),
        "may_make_account": _may_make_account(request, order),
    }
    return render(request, "orders/order.html", context, status=status)
