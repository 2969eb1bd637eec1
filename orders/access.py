"""Who may see an order: its owner, whoever placed it in this session, and whoever holds its signed link."""

from collections.abc import Callable
from functools import wraps
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

from orders.links import opens
from orders.models import Order
from orders.numbers import canonical_number
from orders.selectors import order_by_number

_PLACED_HERE = "orders"
_REMEMBERED = 50


def grant(request: HttpRequest, order: Order) -> None:
    """Let this session see the order from now on."""
    known = [each for each in request.session.get(_PLACED_HERE, []) if each != str(order.pk)]
    request.session[_PLACED_HERE] = [*known, str(order.pk)][-_REMEMBERED:]


def may_see(request: HttpRequest, order: Order) -> bool:
    """Return whether the order is the asker's; a valid `?key=` of its link counts, and is remembered in the session."""
    if request.user.is_authenticated and order.user_id == request.user.pk:
        return True
    if str(order.pk) in request.session.get(_PLACED_HERE, []):
        return True
    if not opens(order, request.GET.get("key", "")):
        return False
    grant(request, order)
    return True


def still_may_see(request: HttpRequest, order: Order) -> Callable[[], bool]:
    """Return the question whether the same request would be let in now, with the session as it is stored then."""
    session_key, order_id, query = request.session.session_key, order.pk, request.GET

    def ask() -> bool:
        again = HttpRequest()
        again.GET = query
        again.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
        again.user = get_user(again)
        order = Order.objects.filter(pk=order_id).first()
        return order is not None and may_see(again, order)

    return ask


def with_order(view: Callable[[HttpRequest, Order], HttpResponse]) -> Callable[[HttpRequest, str], HttpResponse]:
    """Give a view the order whose number is in its address; whoever may not see it meets the same 404 as where there is none.

    What such a view answers is personal and is stored by no cache.
    """

    @wraps(view)
    def guarded(request: HttpRequest, number: str) -> HttpResponse:
        order = order_by_number(number=canonical_number(number))
        if order is None or not may_see(request, order):
            raise Http404
        return view(request, order)

    return personal(guarded)


personal = cache_control(private=True, no_store=True)
"""For pages that are about one person."""
