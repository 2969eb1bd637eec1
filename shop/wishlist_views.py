"""The wishlist's page and what its buttons do. Each works by a redirect, without script."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.views.common import member, members_only
from cryptons.errors import DomainError
from cryptons.redirects import local_url
from shop import wishlist
from shop.models import Product
from shop.same_origin import same_origin


@require_safe
@members_only
def show(request: HttpRequest) -> HttpResponse:
    """Show what the user remembers."""
    return render(request, "shop/wishlist.html", {"wishes": wishlist.wishes_of(user=member(request))})


@require_POST
@same_origin
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Remember a product."""
    return _step(request, slug, _added)


@require_POST
@same_origin
def remove(request: HttpRequest, slug: str) -> HttpResponse:
    """Forget a product."""
    return _step(request, slug, _removed)


@require_POST
@same_origin
def to_cart(request: HttpRequest, slug: str) -> HttpResponse:
    """Put one piece into the cart and take the product off the list."""
    return _step(request, slug, _moved)


def _added(user: User, product: Product) -> str:
    _item, is_new = wishlist.add_wish(user=user, product_id=product.pk)
    return f"{product.name} is on your wishlist now." if is_new else f"{product.name} is on your wishlist already."


def _removed(user: User, product: Product) -> str:
    wishlist.remove_wish(user=user, product_id=product.pk)
    return f"{product.name} is off your wishlist."


def _moved(user: User, product: Product) -> str:
    return wishlist.move_to_cart(user=user, product_id=product.pk).message


def _step(request: HttpRequest, slug: str, step: Callable[[User, Product], str]) -> HttpResponse:
    back = local_url(request, request.POST.get("next"), reverse("shop:wishlist"))
    if not isinstance(request.user, User):
        messages.info(request, "Sign in to keep a wishlist.")
        return redirect(f"{reverse('accounts:sign_in')}?{urlencode({'next': back})}")
    product = Product.objects.filter(slug=slug).only("id", "name").first()
    if product is None:
        raise Http404("There is no such product.")
    try:
        messages.success(request, step(request.user, product))
    except DomainError as error:
        messages.warning(request, error.message)
    return redirect(back)
