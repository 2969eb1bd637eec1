"""The checkout: one page, and nothing typed is ever lost."""

import structlog
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.services import save_address
from accounts.views.common import show_refusal
from cryptons.client import network_of
from cryptons.errors import DomainError, InvalidInput, RateLimited, RateUnavailable
from orders.access import grant, personal
from orders.checkout import Basket, basket_of, bound_key, current_key, forget_key, has_key
from orders.forms import CheckoutForm, blank_checkout
from orders.selectors import order_by_checkout_key
from orders.services import Placed, ask_where_to_pay, place_order
from payments.rates import approximate, current_quote
from shop.cart import cart_for

log = structlog.get_logger(__name__)

CHANGED = "Your cart has changed since you opened this page. Please check it and confirm again."

NO_RATE = (
    "The price of bitcoin is not known right now, so the order could not be placed. "
    "Nothing you typed is lost: please try again in a minute."
)


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    """Ask what is needed and place the order; whatever stops it is said on the same page, with all that was typed."""
    if request.method == "POST":
        placed = order_by_checkout_key(checkout_key=bound_key(request, request.POST.get("key", "")))
        if placed:
            return _go_and_pay(request, Placed(placed))
    basket = basket_of(request)
    if not basket.bought:
        messages.info(request, "There is nothing in your cart that can be bought right now.")
        return redirect("shop:cart")
    if request.method == "POST":
        return _submit(request, basket)
    user = _user(request)
    return _show(request, CheckoutForm(user=user) if user else blank_checkout(), basket)


def _submit(request: HttpRequest, basket: Basket) -> HttpResponse:
    form = CheckoutForm(request.POST, user=_user(request))
    valid = form.is_valid()
    if request.POST.get("seen") != basket.digest:
        return _show(request, form, basket, problem=CHANGED, status=409)
    if not valid:
        return _show(request, form, basket, status=422)
    try:
        placed = _place(request, form, basket)
    except InvalidInput as error:
        show_refusal(form, error)
        return _show(request, form, basket, status=422)
    except RateUnavailable as error:
        log.warning("checkout.no_rate", error=error.message)
        return _show(request, form, basket, problem=NO_RATE, status=error.status)
    except DomainError as error:
        # Sold out or dearer since the basket was read, or too many orders unpaid: the page shows the cart as it is by now.
        page = _show(request, form, basket_of(request), problem=error.message, status=error.status)
        if isinstance(error, RateLimited):
            page["Retry-After"] = str(error.wait)
        return page
    _keep_address(request, form)
    cart_for(request).clear()
    forget_key(request)
    return _go_and_pay(request, placed)


def _place(request: HttpRequest, form: CheckoutForm, basket: Basket) -> Placed:
    return place_order(
        checkout_key=bound_key(request, request.POST.get("key", "")),
        user=_user(request),
        email=form.email_address(),
        address=form.address(),
        lines=basket.lines(),
        quote=current_quote(settings.CURRENCY),
        note=form.cleaned_data["note"],
        expected_total=basket.total,
        network=network_of(request),
    )


def _keep_address(request: HttpRequest, form: CheckoutForm) -> None:
    if form.user is None or not form.keeps_address:
        return
    try:
        save_address(user=form.user, data=form.address())
    except DomainError as error:
        messages.warning(request, f"The address was not kept in your account. {error.message}")


def _go_and_pay(request: HttpRequest, placed: Placed) -> HttpResponse:
    """Ask the node where to pay, outside any transaction; where it does not answer, the payment page offers to try again."""
    order = placed.order
    grant(request, order)
    try:
        ask_where_to_pay(placed)
    except DomainError as error:
        log.warning("checkout.no_address_yet", order=order.number, error=error.message)
    return redirect("orders:pay", order.number)


def _show(
    request: HttpRequest, form: CheckoutForm, basket: Basket, *, problem: str = "", status: int = 200
) -> HttpResponse:
    if not basket.bought:
        messages.warning(request, problem)
        return redirect("shop:cart")
    context = {
        "form": form,
        "basket": basket,
        "problem": problem,
        "key": request.POST.get("key") or _key(request),
        "coin": approximate(basket.total, settings.CURRENCY),
        "minutes_to_pay": int(settings.PAYMENT_EXPIRY.total_seconds()) // 60,
    }
    return render(request, "orders/checkout.html", context, status=status)


def _key(request: HttpRequest) -> str:
    """Return the key for a fresh form; one that placed an order already (the process died right after) is over."""
    if has_key(request) and order_by_checkout_key(checkout_key=bound_key(request, current_key(request))):
        forget_key(request)
    return current_key(request)


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
