"""How many unpaid orders one buyer may have: each of them holds pieces back from everybody else."""

import pytest
from django.test import Client

from cryptons.errors import RateLimited
from orders.models import Order
from orders.services import cancel_order
from payments.status import PaymentStatus
from tests.factories import ProductFactory, UserFactory
from tests.orders.steps import place, stock_of, tell
from tests.orders.test_checkout import fill_cart, submit
from tests.orders.test_races import at_once


@pytest.fixture(autouse=True)
def two_at_most(settings):
    settings.MAX_OPEN_ORDERS = 2


def refused(**given):
    """Place one order too many; return the refusal after seeing that nothing was written."""
    product = ProductFactory(stock=10)
    before = Order.objects.count()
    with pytest.raises(RateLimited) as refusal:
        place((product, 3), **given)
    assert (Order.objects.count(), stock_of(product)) == (before, 10)
    return refusal.value


@pytest.mark.django_db
def test_one_unpaid_order_too_many_is_refused_until_the_oldest_runs_out():
    for _ in range(2):
        place()
    refusal = refused(email="Buyer@Example.org ")
    assert refusal.message.startswith("You have 2 unpaid orders already")
    assert 840 < refusal.wait <= 901
    place(email="somebody.else@example.org")


@pytest.mark.django_db
@pytest.mark.parametrize("end", ["seen", "settled", "expired", "cancelled"])
def test_an_order_that_no_longer_waits_makes_room(end):
    first, _ = place(), place()
    if end == "cancelled":
        cancel_order(order_id=first.pk, actor=None)
    else:
        tell(first, PaymentStatus(end), received=1)
    place()
    refused()


@pytest.mark.django_db
def test_an_account_counts_like_its_address():
    user = UserFactory(email="buyer@example.org")
    place(user=user)
    place()
    refused(user=user)


@pytest.mark.django_db
def test_a_network_has_room_for_four_buyers():
    for number in range(8):
        place(email=f"buyer{number}@example.org", network="203.0.113.9")
    refusal = refused(email="another@example.org", network="203.0.113.9")
    assert refusal.message.startswith("From your network there are 8 unpaid orders already")
    place(email="another@example.org", network="203.0.113.10")
    assert not Order.objects.filter(placed_from__contains="203").exists()


@pytest.mark.django_db
def test_a_checkout_that_was_placed_is_found_again_when_there_is_no_room():
    place()
    placed = place(checkout_key="the second")
    assert place(checkout_key="the second") == placed


@pytest.mark.django_db(transaction=True)
def test_pressing_twice_for_the_last_order_there_is_room_for_places_it_once():
    place()
    product = ProductFactory(stock=9)
    first, *others = at_once(*[lambda: place((product, 1), checkout_key="the second")] * 4)
    assert others == [first] * 3
    assert (Order.objects.count(), stock_of(product)) == (2, 8)


@pytest.mark.django_db
def test_no_limit_where_none_is_set(settings):
    settings.MAX_OPEN_ORDERS = 0
    for _ in range(4):
        place(network="203.0.113.9")
    assert Order.objects.count() == 4


@pytest.mark.django_db
def test_the_checkout_says_so_and_keeps_what_was_typed():
    product = ProductFactory(stock=10)
    for number in range(3):
        client = Client()
        fill_cart(client, product)
        answer = submit(client)
        assert answer.status_code == (302 if number < 2 else 429)
    assert 840 < int(answer["Retry-After"]) <= 901
    page = answer.content.decode()
    assert "You have 2 unpaid orders already" in page
    assert "Ring twice" in page
    assert (Order.objects.count(), stock_of(product)) == (2, 8)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_get_through():
    products = [ProductFactory(stock=9) for _ in range(12)]
    results = at_once(*[lambda product=product: place((product, 1)) for product in products])
    assert sum(isinstance(result, Order) for result in results) == 2
    assert sum(isinstance(result, RateLimited) for result in results) == 10
