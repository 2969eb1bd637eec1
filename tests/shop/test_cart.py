"""The rules of the cart hold wherever it is kept."""

import uuid
from decimal import Decimal

import pytest

from cryptons.errors import InvalidInput, NotFound
from cryptons.sessions import SessionStore
from shop import cart_base
from shop.cart import Cart, SessionCart, UserCart
from shop.models import CartLine, Product
from tests.factories import ProductFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["session", "user"])
def cart(request) -> Cart:
    return SessionCart(SessionStore()) if request.param == "session" else UserCart(UserFactory())


def held(cart: Cart) -> list[tuple[str, int]]:
    return [(entry.product.name, entry.quantity) for entry in cart.entries()]


def test_it_adds_up(cart, kettle):
    cart.add(kettle.pk, 1)
    change = cart.add(kettle.pk, 1)
    assert (change.quantity, change.capped) == (2, False)
    assert held(cart) == [("Copper Kettle", 2)]
    assert cart.count() == 2
    assert cart.total() == Decimal("96.00")


def test_it_keeps_the_order_in_which_things_came(cart):
    first, second = ProductFactory(name="First"), ProductFactory(name="Second")
    cart.add(second.pk, 1)
    cart.add(first.pk, 1)
    cart.add(second.pk, 1)
    assert held(cart) == [("Second", 2), ("First", 1)]


def test_stock_caps_it_and_it_says_so(cart, kettle):
    change = cart.add(kettle.pk, 5)
    assert (change.quantity, change.capped) == (3, True)
    assert change.message == "Only 3 left of Copper Kettle. Your cart holds all of them."


def test_one_order_takes_only_so_many(cart, settings):
    settings.CART_MOST_PIECES = 4
    change = cart.add(ProductFactory(name="Pin", stock=100).pk, 50)
    assert (change.quantity, change.capped) == (4, True)
    assert change.message == "One order takes at most 4 pieces of Pin, so your cart holds 4."


def test_what_is_sold_out_does_not_go_in(cart):
    change = cart.add(ProductFactory(name="Rare", stock=0).pk, 1)
    assert (change.quantity, change.capped, change.message) == (0, True, "Rare is sold out.")
    assert held(cart) == []


def test_it_holds_only_so_many_different_products(cart, kettle, monkeypatch):
    monkeypatch.setattr(cart_base, "MOST_LINES", 1)
    cart.add(kettle.pk, 1)
    with pytest.raises(InvalidInput):
        cart.add(ProductFactory().pk, 1)
    cart.add(kettle.pk, 1)
    assert held(cart) == [("Copper Kettle", 2)]


@pytest.mark.parametrize("hidden", [True, False])
def test_what_is_not_sold_does_not_go_in(cart, hidden):
    key = ProductFactory(is_visible=False).pk if hidden else uuid.uuid4()
    with pytest.raises(NotFound):
        cart.add(key, 1)
    assert held(cart) == []


@pytest.mark.parametrize("quantity", [0, -1])
def test_adding_nothing_is_refused(cart, kettle, quantity):
    with pytest.raises(InvalidInput):
        cart.add(kettle.pk, quantity)
    assert cart.count() == 0


def test_setting_replaces_and_zero_removes(cart, kettle):
    cart.add(kettle.pk, 1)
    assert cart.set(kettle.pk, 3).quantity == 3
    assert cart.set(kettle.pk, 0).quantity == 0
    assert held(cart) == []


def test_removing_tells_how_many_there_were(cart, kettle):
    cart.add(kettle.pk, 2)
    assert cart.remove(kettle.pk) == 2
    assert cart.remove(kettle.pk) == 0


def test_clearing_takes_everything_out(cart, kettle):
    cart.add(kettle.pk, 2)
    cart.clear()
    assert held(cart) == []


def test_a_changed_price_is_told_until_it_was_seen(cart, kettle):
    cart.add(kettle.pk, 1)
    Product.objects.update(price="50.00")
    entries = cart.entries()
    assert entries[0].notes == ("The price went up from €48.00 to €50.00.",)
    assert entries[0].line_total == Decimal("50.00")
    cart.accept_changes(entries)
    assert cart.entries()[0].notes == ()


def test_shrunken_stock_is_told_and_taken_on(cart, kettle):
    cart.add(kettle.pk, 3)
    Product.objects.update(stock=1)
    entries = cart.entries()
    assert (entries[0].quantity, entries[0].notes) == (1, ("Only 1 left, so your 3 became 1.",))
    assert cart.total() == Decimal("48.00")
    cart.accept_changes(entries)
    assert (cart.count(), cart.entries()[0].notes) == (1, ())


@pytest.mark.parametrize(
    ("change", "note"),
    [({"stock": 0}, "Sold out since you put it here."), ({"is_visible": False}, "This is not sold any more.")],
)
def test_what_cannot_be_bought_any_more_stays_and_costs_nothing(cart, kettle, change, note):
    cart.add(kettle.pk, 2)
    Product.objects.update(**change)
    entry = cart.entries()[0]
    assert (entry.is_available, entry.quantity, entry.line_total, entry.notes) == (False, 2, Decimal("0.00"), (note,))
    cart.accept_changes([entry])
    assert cart.entries()[0].notes == (note,)


def test_a_deleted_product_is_gone(cart, kettle):
    cart.add(kettle.pk, 2)
    kettle.delete()
    assert held(cart) == []
    assert cart.total() == Decimal("0.00")


def test_reading_costs_three_queries_whatever_is_in_it(django_assert_num_queries):
    cart = UserCart(UserFactory())
    for product in ProductFactory.create_batch(5):
        cart.add(product.pk, 1)
    with django_assert_num_queries(3):
        assert len(cart.entries()) == 5


def test_a_change_made_in_another_tab_is_not_overwritten(kettle, user):
    cart = UserCart(user)
    cart.add(kettle.pk, 3)
    Product.objects.update(stock=2)
    entries = cart.entries()
    CartLine.objects.update(quantity=1)
    cart.accept_changes(entries)
    assert cart.count() == 1
