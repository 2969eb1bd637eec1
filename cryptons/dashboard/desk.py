"""What waits for a person, for the admin's first page: each a number and the list where it is looked after."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from cryptons.access import may
from orders.models import Order, OutboxMessage
from orders.status import OrderStatus
from reviews.models import Review, ReviewStatus
from shop.models import Product
from shop.stock import FEW


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many of something, in words, with the address of their list."""

    number: int
    what: str
    url: str


@dataclass(frozen=True, slots=True)
class _Kind:
    one: str
    many: str
    needs: str
    address: str
    query: str
    count: Callable[[], int]


_KINDS = (
    _Kind(
        "order needs a decision",
        "orders need a decision",
        "orders.view_order",
        "orders_order",
        "?work=decide",
        lambda: Order.objects.filter(attention__gt="").count(),
    ),
    _Kind(
        "order is paid and not shipped",
        "orders are paid and not shipped",
        "orders.view_order",
        "orders_order",
        "?work=ship",
        lambda: Order.objects.filter(status=OrderStatus.PROCESSING).count(),
    ),
    _Kind(
        "review waits to be read",
        "reviews wait to be read",
        "reviews.view_review",
        "reviews_review",
        f"?status__exact={ReviewStatus.WAITING}",
        lambda: Review.objects.filter(status=ReviewStatus.WAITING).count(),
    ),
    _Kind(
        "product is sold out",
        "products are sold out",
        "shop.view_product",
        "shop_product",
        "?stock_state=none&is_visible__exact=1",
        lambda: Product.objects.filter(stock=0, is_visible=True).count(),
    ),
    _Kind(
        "product is running out",
        "products are running out",
        "shop.view_product",
        "shop_product",
        "?stock_state=few&is_visible__exact=1",
        lambda: Product.objects.filter(stock__range=(1, FEW), is_visible=True).count(),
    ),
    _Kind(
        "e-mail was given up",
        "e-mails were given up",
        "orders.view_outboxmessage",
        "orders_outboxmessage",
        "?sending=over",
        lambda: OutboxMessage.objects.filter(next_attempt_at=None, sent_at=None).count(),
    ),
)


def waiting_for(user: User) -> list[Waiting]:
    """Return what waits and what `user` may look after, the most pressing first; what there is none of is left out."""
    found = []
    for kind in _KINDS:
        number = kind.count() if user.has_perm(kind.needs) else 0
        if number:
            url = reverse(f"admin:{kind.address}_changelist") + kind.query
            found.append(Waiting(number, kind.one if number == 1 else kind.many, url))
    return found


def may_read_figures(user: User) -> bool:
    """Return whether the page of figures is for `user`."""
    return may(user, "reports:read")
