"""A signed-in buyer's orders."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from cryptons.pages import page_of
from orders.access import personal
from orders.selectors import orders_of

PER_PAGE = 10


@personal
@login_required
def history(request: HttpRequest) -> HttpResponse:
    """List the buyer's orders, newest first, in pages."""
    assert isinstance(request.user, User)  # noqa: S101 - login_required saw to it; this tells the type checker
    orders = orders_of(user=request.user).prefetch_related("lines")
    page = page_of(orders, number=request.GET.get("page"), size=PER_PAGE)
    return render(request, "orders/history.html", {"page": page})
