"""POST /api/orders sent twice, later, or by many at once: one order, whatever has changed since."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from cryptons import clock
from orders.models import Order
from payments.models import Payment, PaymentOption, Watcher
from shop.models import CartLine, Product
from tests.api.buying import stock, wish
from tests.api.conftest import Api
from tests.factories import CartLineFactory, ProductFactory, UserFactory


def test_the_same_key_answers_the_same_and_orders_once(own, node, product):
    first = own.post("/orders", wish((product, 1)), idempotency_key="k1")
    again = own.post("/orders", wish((product, 1)), idempotency_key="k1")
    assert (first.status, again.status, again.text) == (201, 201, first.text)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = own.post("/orders", wish((product, 2)), idempotency_key="k1")
    assert (other.status, other.code) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert (Order.objects.count(), stock()) == (1, [4])


def test_the_key_of_an_order_whose_time_is_over_brings_it_back_as_it_is(own, node, product, monkeypatch):
    def lost(**kwargs):
        raise RuntimeError("the answer was lost")

    with monkeypatch.context() as patched:
        patched.setattr("orders.services.paying.provision_new", lost)
        assert own.post("/orders", wish((product, 1)), idempotency_key="k1").status == 500
    order = Order.objects.get()
    Payment.objects.update(status="expired")
    Order.objects.update(payment_status="expired")
    again = own.post("/orders", wish((product, 1)), idempotency_key="k1")
    assert (again.status, again.data["id"], again.data["paymentStatus"]) == (201, str(order.pk), "expired")


@pytest.mark.parametrize("trouble", ["hidden", "sold out", "no rate", "no sight", "dearer"])
def test_a_key_that_ordered_brings_its_order_back_whatever_has_changed(own, user, product, no_node, request, trouble):
    assert own.post("/orders", wish((product, 4)), idempotency_key="k1").status == 503
    order, settings = Order.objects.get(), request.getfixturevalue("settings")
    request.getfixturevalue("node")
    if trouble == "no rate":
        settings.RATE_SOURCE, settings.RATE_URL = "kraken", "http://127.0.0.1:9/"
    if trouble == "no sight":
        Watcher.objects.create(coin="BTC", last_ok_at=clock.now() - timedelta(seconds=30), last_error_at=clock.now())
    changes = {"hidden": {"is_visible": False}, "dearer": {"price": 99}, "sold out": {"stock": 0}}.get(trouble)
    if changes:
        Product.objects.update(**changes)
    again = own.post("/orders", wish((product, 4)), idempotency_key="k1")
    assert (again.status, again.data["id"], again.data["totalAmount"]) == (201, str(order.pk), 50)
    assert Order.objects.count() == 1


def test_a_key_that_ordered_the_cart_leaves_what_is_in_it_by_now(own, user, product, no_node, request):
    CartLineFactory(user=user, product=product, quantity=1)
    assert own.post("/orders", wish(), idempotency_key="k1").status == 503
    request.getfixturevalue("node")
    later = CartLineFactory(user=user, product=product, quantity=2)
    again = own.post("/orders", wish(), idempotency_key="k1")
    assert (again.status, again.data["id"]) == (201, str(Order.objects.get().pk))
    assert (list(CartLine.objects.all()), stock()) == ([later], [4])


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_with_one_key_place_one_order(node):
    own, product = Api().as_(UserFactory()), ProductFactory(stock=50)
    together = threading.Barrier(20)

    def send(_):
        together.wait()
        try:
            return own.post("/orders", wish((product, 1)), idempotency_key="k1")
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(20)))
    assert {answer.status for answer in answers} <= {201, 409}
    assert {answer.code for answer in answers if answer.status == 409} <= {"REQUEST_IN_PROGRESS"}
    placed = Order.objects.get()
    assert {answer.data["id"] for answer in answers if answer.status == 201} == {str(placed.pk)}
    last = own.post("/orders", wish((product, 1)), idempotency_key="k1")
    assert (last.headers["Idempotent-Replayed"], last.data["id"]) == ("true", str(placed.pk))
    assert (stock(), PaymentOption.objects.count()) == ([49], 1)


@pytest.mark.django_db(transaction=True)
def test_a_cart_ordered_by_many_at_once_is_ordered_once(node):
    user, together = UserFactory(), threading.Barrier(6)
    line = CartLineFactory(user=user, product=ProductFactory(stock=50), quantity=2)
    own = Api().as_(user)

    def order(number):
        together.wait()
        try:
            return own.post("/orders", wish(), idempotency_key=f"tap-{number}").status
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(order, range(6)))
    assert statuses[0] == 201
    assert set(statuses[1:]) <= {400, 409}  # the cart was empty already, or was emptied meanwhile
    assert (Order.objects.count(), CartLine.objects.count(), stock()) == (1, 0, [48])
    assert Order.objects.get().lines.get().product_id == line.product_id
