"""Orders by account where two requests with one key meet in the middle."""

from decimal import Decimal

import pytest

from orders.models import Order
from orders.services import order_by_account, ordering
from shop.models import CartLine
from tests.api.buying import stock
from tests.factories import POSTAL, CartLineFactory, ProductFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_cart_filled_again_stays_where_its_key_orders_in_the_same_moment(node, monkeypatch):
    user, product, rate = UserFactory(), ProductFactory(price=Decimal("12.50"), stock=5), ordering.current_quote
    CartLineFactory(user=user, product=product, quantity=1)

    def order():
        return order_by_account(user=user, checkout_key="k1", coin="BTC", address=POSTAL).order

    def rate_after_the_other(currency):
        """Let the other request with the key through, and the buyer go on, once this one has looked for the key."""
        monkeypatch.setattr(ordering, "current_quote", rate)
        order()
        CartLineFactory(user=user, product=product, quantity=2)
        return rate(currency)

    monkeypatch.setattr(ordering, "current_quote", rate_after_the_other)
    assert order().pk == Order.objects.get().pk
    assert (list(CartLine.objects.values_list("product_id", "quantity")), stock()) == ([(product.pk, 2)], [4])
