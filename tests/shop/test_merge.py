import pytest
from django.contrib.auth import authenticate, login
from django.contrib.messages import get_messages
from django.contrib.messages.storage.session import SessionStorage
from django.test import RequestFactory

from cryptons.sessions import SessionStore
from shop.cart import SessionCart, UserCart
from shop.models import CartLine, Product
from tests.factories import PASSWORD, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    """A guest's request with a session."""
    request = RequestFactory().post("/account/sign-in/")
    request.session = SessionStore()
    request._messages = SessionStorage(request)
    return request


def sign_in(visit, user) -> list[str]:
    login(visit, authenticate(username=user.email, password=PASSWORD))
    return [str(message) for message in get_messages(visit)]


def lines(user) -> dict[str, int]:
    return dict(CartLine.objects.filter(user=user).values_list("product__name", "quantity"))


def test_the_guests_pieces_become_the_users(visit, user, kettle):
    SessionCart(visit.session).add(kettle.pk, 2)
    assert sign_in(visit, user) == ["What you chose before signing in is in your cart."]
    assert lines(user) == {"Copper Kettle": 2}
    assert SessionCart(visit.session).count() == 0


def test_of_a_product_in_both_the_larger_number_stays(visit, user):
    more, less = ProductFactory(name="More"), ProductFactory(name="Less")
    cart, guest = UserCart(user), SessionCart(visit.session)
    cart.add(more.pk, 5)
    cart.add(less.pk, 1)
    guest.add(more.pk, 2)
    guest.add(less.pk, 4)
    sign_in(visit, user)
    assert lines(user) == {"More": 5, "Less": 4}


def test_stock_caps_the_merge_and_it_says_so(visit, user, kettle):
    gone = ProductFactory(name="Gone")
    guest = SessionCart(visit.session)
    guest.add(kettle.pk, 3)
    guest.add(gone.pk, 1)
    Product.objects.filter(pk=kettle.pk).update(stock=1)
    Product.objects.filter(pk=gone.pk).update(stock=0)
    assert sign_in(visit, user)[1:] == [
        "Copper Kettle: only 1 left, so your cart holds that one.",
        "Gone: sold out meanwhile, so it is not in your cart.",
    ]
    assert lines(user) == {"Copper Kettle": 1}


def test_merging_twice_changes_nothing(visit, user, kettle):
    SessionCart(visit.session).add(kettle.pk, 2)
    again = dict(visit.session.items())
    sign_in(visit, user)
    visit.session.flush()
    visit.session.update(again)
    sign_in(visit, user)
    assert lines(user) == {"Copper Kettle": 2}


def test_the_price_a_guest_saw_is_still_compared(visit, user, kettle):
    SessionCart(visit.session).add(kettle.pk, 1)
    Product.objects.update(price="50.00")
    sign_in(visit, user)
    assert UserCart(user).entries()[0].notes == ("The price went up from €48.00 to €50.00.",)


def test_an_empty_guest_cart_says_nothing(visit, user, kettle):
    UserCart(user).add(kettle.pk, 1)
    assert sign_in(visit, user) == []
    assert lines(user) == {"Copper Kettle": 1}
