"""What happens to an order, told to its page while it is open."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from cryptons.api.limits import Window
from cryptons.client import network_of
from cryptons.errors import DomainError, RateLimited
from cryptons.streams.following import follow
from orders.access import still_may_see, with_order
from orders.events import feed
from orders.models import Order

_MOST, _SECONDS = 60, 60


@require_GET
@with_order
def events(request: HttpRequest, order: Order) -> HttpResponse:
    """Answer with the events of an order, which go on. The page asks by itself where they do not."""
    network = network_of(request)
    try:
        _count(network)
        return follow(
            request,
            feed=feed,
            key=order.pk,
            who=f"user:{request.user.pk}" if request.user.is_authenticated else f"network:{network}",
            allowed=still_may_see(request, order),
        )
    except DomainError as error:
        wait = error.wait if isinstance(error, RateLimited) else 30
        return HttpResponse(
            error.message, status=error.status, content_type="text/plain", headers={"Retry-After": wait}
        )


def _count(network: str) -> None:
    """Count one opening of a line. Raises RateLimited where a page comes back again and again."""
    state = Window("order-events", network, _MOST, _SECONDS).count()
    if state.is_over:
        raise RateLimited("Too many requests. Wait a while and try again.", wait=state.reset)
