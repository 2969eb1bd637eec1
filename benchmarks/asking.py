"""What is asked of a large store, by name: addresses of the API, the pages and the admin, and the work of the worker."""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.cache import caches
from django.test import Client

from accounts.models import User
from accounts.services import open_session
from cryptons import clock, freshness
from cryptons.dashboard.health import probes
from cryptons.dashboard.periods import MOST, Period, back, beginning
from cryptons.outbox import deliver_due
from orders import services
from orders.models import Order, OrderLine, OutboxMessage
from orders.payment_status import OrderPaymentStatus
from orders.status import OrderStatus
from payments import watcher
from payments.models import PaymentOption, Transfer
from shop.models import Category, Product

Ask = Callable[[], Any]

_ADMIN = {
    "orders/order": [
        "",
        "?status__exact=delivered",
        "?payment_status__exact=paid",
        "?work=ship",
        "?work=decide",
        "?p={deep}",
    ],
    "orders/orderevent": ["", "?p={deep}", "?q=person2143@example.org"],
    "orders/outboxmessage": ["", "?p={deep}", "?sending=waiting", "?sending=again", "?sending=over"],
    "orders/orderpayment": ["", "?p={deep}"],
    "orders/webhookdelivery": [""],
    "payments/payment": ["", "?p={deep}", "?decision=short", "?decision=over", "?status__exact=settled"],
    "payments/paymentoption": ["", "?p={deep}"],
    "payments/transfer": ["", "?p={deep}", "?state__exact=pending", "?is_final__exact=0"],
    "shop/product": [
        "",
        "?p={deep}",
        "?is_visible__exact=1",
        "?stock_state=few",
        "?o=6",
        "?q=brass+kettle",
        "?q=brass",
        "?q=r0",
        "?q=nothing",
    ],
    "accounts/user": ["", "?q=person77"],
    "reviews/review": [""],
}


def everything() -> Iterator[tuple[str, Ask]]:
    """Yield a name and what to do for everything that is measured. Caches are empty each time."""
    staff = User.objects.filter(is_superuser=True).first() or User.objects.create_superuser("bench@example.org", "!")
    buyer = Order.objects.exclude(user=None).select_related("user").latest("created_at").user
    yield from _api(staff, buyer)
    yield from _pages(buyer)
    yield from _admin(staff)
    for name, probe in probes().items():
        yield f"health: {name}", probe
    yield "worker: sweep", services.sweep
    yield "worker: tick of the watcher", watcher.tick
    yield "worker: outbox", lambda: deliver_due(OutboxMessage, _refuse)
    yield "worker: days to add up", services.add_up_sales


def _refuse(_: OutboxMessage) -> None:
    raise RuntimeError("everything that was made up is sent")


def _api(staff: User, buyer: User) -> Iterator[tuple[str, Ask]]:
    sees_all, sees_own = (
        _client(open_session(user=staff, device="").access),
        _client(open_session(user=buyer, device="").access),
    )
    order, product = Order.objects.latest("created_at"), Product.objects.filter(is_visible=True).latest("created_at")
    leaf = Category.objects.exclude(parent=None)[0]
    words = "search=brass+kettle"
    lists = [
        "page=1",
        "sort=price",
        "sort=name",
        "sort=rating",
        "page=900",
        "inStock=true",
        "minRating=4",
        "minPrice=20&maxPrice=40",
    ]
    lists += [
        f"category={leaf.slug}",
        f"category={leaf.parent.slug if leaf.parent else ''}",
        words,
        f"{words}&sort=price",
        "search=brass",
        "search=brass&page=400",
        "search=r0",  # a part of every SKU
        "search=r0&page=40",
        "search=r0&sort=price",
        "search=r0&sort=rating",
        "search=r0&sort=name",
        f"search=r0&category={leaf.slug}",
        "search=r0&minPrice=20",
        "search=nothing+like+it",
    ]
    addresses = [f"/products?{one}" for one in lists]
    addresses += [f"/products/suggestions?q={typed}" for typed in ("br", "brass", "brass ket", "r0")]
    addresses += [f"/products/{product.slug}", "/categories", f"/reviews/product/{product.pk}"]
    addresses += ["/orders", "/orders?page=4000", f"/orders?user={buyer.pk}"]
    addresses += [f"/orders?status={status}" for status in OrderStatus.values]
    addresses += [f"/orders?paymentStatus={word}" for word in OrderPaymentStatus.values]
    addresses += ["/orders?paymentStatus=paid&page=3000", "/orders?status=delivered&page=3000"]
    addresses += [f"/orders?from={order.created_at.year}-01-01", "/orders?status=delivered&paymentStatus=overpaid"]
    addresses += [f"/orders/{order.pk}"]
    addresses += ["/admin/stats", *map(_analytics, Period)]
    for address in addresses:
        yield f"API {address}", lambda address=address: sees_all(address)
    for address in ("/orders", "/orders?status=delivered", "/orders?paymentStatus=paid", "/cart", "/wishlist"):
        yield f"API {address}, a buyer's", lambda address=address: sees_own(address)


def _analytics(period: Period) -> str:
    """Return the address of the longest span of this period."""
    first = back(beginning(clock.day_of(clock.now()), period), period, MOST[period] - 2)
    return f"/admin/analytics?period={period}&from={max(first.isoformat(), '2000-01-01')}"


def _pages(buyer: User) -> Iterator[tuple[str, Ask]]:
    product = Product.objects.filter(is_visible=True).earliest("created_at")
    guest, signed_in = Client(headers={"host": "127.0.0.1"}), Client(headers={"host": "127.0.0.1"})
    signed_in.force_login(buyer)
    shop = ["/", "/products/", "/products/?q=brass+kettle", f"/c/{product.category.slug}/", product.get_absolute_url()]
    for address in shop:
        yield f"page {address}", lambda address=address: _got(guest, address)
    yield "page /orders/", lambda: _got(signed_in, "/orders/")


def _admin(staff: User) -> Iterator[tuple[str, Ask]]:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(staff)
    order, option, transfer = (
        Order.objects.latest("created_at"),
        PaymentOption.objects.latest("pk"),
        Transfer.objects.first(),
    )
    typed = [order.number, order.email, "Lise Byron", "nobody", OrderLine.objects.latest("pk").sku, option.address]
    typed += ["R-000000", "e"]  # what very many bought; a part of every name, and how many a number begins
    deep = max(1, Order.objects.count() * 6 // 10 // 50)
    addresses = [f"/admin/{model}/{query.format(deep=deep)}" for model, queries in _ADMIN.items() for query in queries]
    addresses += [f"/admin/orders/order/?q={one}" for one in [*typed, transfer.txid if transfer else ""]]
    addresses += [f"/admin/payments/payment/?q={option.address}", f"/admin/orders/order/{order.pk}/change/"]
    for address in ["/admin/", "/admin/figures/", *addresses]:
        yield f"admin {address}", lambda address=address: _got(client, address)


def _client(token: str) -> Callable[[str], None]:
    client = Client(headers={"host": "127.0.0.1", "authorization": f"Bearer {token}"})
    return lambda address: _got(client, f"/api{address}")


def _got(client: Client, address: str) -> None:
    for cache in caches.all():
        cache.clear()
    freshness.tell_all()  # what this process remembers is not believed any more
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
