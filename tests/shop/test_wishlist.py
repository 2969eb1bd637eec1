"""The wishlist: remembering, forgetting, moving to the cart, and the note when something is back."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from accounts.models import AccountMail, MailKind, User
from accounts.tasks import deliver_mail
from cryptons.errors import InvalidInput, NotFound, OutOfStock
from shop import wishlist
from shop.models import CartLine, Product, WishlistItem
from shop.tasks import tell_what_is_back
from tests.factories import ProductFactory, UserFactory
from tests.statements import once_after, values_in_statements

pytestmark = pytest.mark.django_db
HERE = {"headers": {"Sec-Fetch-Site": "same-origin"}}


def wished(user):
    return [wish.card.name for wish in wishlist.wishes_of(user=user)]


def stock(product, pieces):
    Product.objects.filter(pk=product.pk).update(stock=pieces)


@pytest.fixture
def kept(user, kettle):
    return wishlist.add_wish(user=user, product_id=kettle.pk)[0]


def test_remembering_twice_is_remembering_once(user, kettle):
    first, is_new = wishlist.add_wish(user=user, product_id=kettle.pk)
    again, is_new_again = wishlist.add_wish(user=user, product_id=kettle.pk)
    assert (is_new, is_new_again, first.pk) == (True, False, again.pk)
    assert wished(user) == ["Copper Kettle"]


def test_the_newest_stands_first(user, kept):
    wishlist.add_wish(user=user, product_id=ProductFactory(name="Later").pk)
    assert wished(user) == ["Later", "Copper Kettle"]


def test_what_is_not_sold_cannot_be_remembered(user, kettle):
    Product.objects.update(is_visible=False)
    with pytest.raises(NotFound):
        wishlist.add_wish(user=user, product_id=kettle.pk)
    assert not WishlistItem.objects.exists()


def test_a_full_list_takes_no_more_and_still_knows_what_it_has(user, kept, kettle, monkeypatch):
    monkeypatch.setattr(wishlist, "MOST_ITEMS", 1)
    with pytest.raises(InvalidInput):
        wishlist.add_wish(user=user, product_id=ProductFactory().pk)
    assert wishlist.add_wish(user=user, product_id=kettle.pk) == (kept, False)
    assert wished(user) == ["Copper Kettle"]


def test_forgetting_what_is_not_there_is_not_found(user, kettle):
    with pytest.raises(NotFound):
        wishlist.remove_wish(user=user, product_id=kettle.pk)


def test_moving_to_the_cart_takes_it_off_the_list(user, kept, kettle):
    wishlist.move_to_cart(user=user, product_id=kettle.pk)
    assert wished(user) == []
    assert [(line.product_id, line.quantity) for line in CartLine.objects.all()] == [(kettle.pk, 1)]


def test_what_is_sold_out_stays_on_the_list(user, kept, kettle):
    stock(kettle, 0)
    with pytest.raises(OutOfStock):
        wishlist.move_to_cart(user=user, product_id=kettle.pk)
    assert wished(user) == ["Copper Kettle"]
    assert not CartLine.objects.exists()


def test_a_list_costs_the_same_for_many(user, django_assert_num_queries):
    for _ in range(5):
        wishlist.add_wish(user=user, product_id=ProductFactory().pk)
    with django_assert_num_queries(3):
        assert len(wishlist.wishes_of(user=user)) == 5


def test_the_page_lists_and_its_buttons_work(signed_in, user, kettle):
    page = signed_in.get(kettle.get_absolute_url()).content.decode()
    assert "Add to your wishlist" in page
    answer = signed_in.post("/wishlist/copper-kettle/add/", {"next": "/p/copper-kettle/"}, **HERE)
    assert answer["Location"] == "/p/copper-kettle/"
    assert "Copper Kettle is on your wishlist now." in signed_in.get("/p/copper-kettle/").content.decode()
    assert "On your wishlist" in signed_in.get("/p/copper-kettle/").content.decode()
    listed = signed_in.get("/wishlist/").content.decode()
    assert "€48.00" in listed
    assert "Move to the cart" in listed
    signed_in.post("/wishlist/copper-kettle/to-cart/", **HERE)
    assert CartLine.objects.get().product == kettle
    assert "Nothing yet." in signed_in.get("/wishlist/").content.decode()


def test_the_page_takes_things_off(signed_in, user, kept):
    assert signed_in.post("/wishlist/copper-kettle/remove/", **HERE)["Location"] == "/wishlist/"
    assert wished(user) == []


def test_what_is_not_sold_any_more_says_so_and_can_be_taken_off(signed_in, user, kept):
    Product.objects.update(is_visible=False)
    page = signed_in.get("/wishlist/").content.decode()
    assert "This is not sold any more." in page
    assert "Move to the cart" not in page
    signed_in.post("/wishlist/copper-kettle/remove/", **HERE)
    assert wished(user) == []


def test_a_visitor_is_asked_to_sign_in_and_comes_back(client, kettle):
    answer = client.post("/wishlist/copper-kettle/add/", {"next": "/p/copper-kettle/"}, **HERE)
    assert answer["Location"] == "/account/sign-in/?next=%2Fp%2Fcopper-kettle%2F"
    assert client.get("/wishlist/")["Location"] == "/account/sign-in/?next=/wishlist/"
    assert not WishlistItem.objects.exists()


def test_each_sees_only_their_own(signed_in, kept):
    other = Client()
    other.force_login(UserFactory())
    assert "Copper Kettle" not in other.get("/wishlist/").content.decode()
    other.post("/wishlist/copper-kettle/remove/", **HERE)
    assert WishlistItem.objects.count() == 1


@pytest.mark.parametrize("step", ["add", "remove", "to-cart"])
def test_no_other_site_changes_it(user, kept, step):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    answer = client.post(f"/wishlist/copper-kettle/{step}/", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert wished(user) == ["Copper Kettle"]
    assert client.get(f"/wishlist/copper-kettle/{step}/").status_code == 405


def test_what_is_back_is_told_once(user, kept, kettle):
    assert tell_what_is_back() == 0
    stock(kettle, 0)
    assert tell_what_is_back() == 0
    stock(kettle, 4)
    assert [tell_what_is_back(), tell_what_is_back()] == [1, 0]
    assert deliver_mail() == 1
    (message,) = mail.outbox
    assert message.to == ["ada@example.org"]
    assert message.subject.startswith("Back in stock")
    assert "Copper Kettle is in stock again." in message.body
    assert "/p/copper-kettle/" in message.body


def test_each_return_is_told(user, kept, kettle):
    for _ in range(2):
        stock(kettle, 0)
        tell_what_is_back()
        stock(kettle, 1)
        assert tell_what_is_back() == 1
    assert AccountMail.objects.filter(kind=MailKind.BACK_IN_STOCK).count() == 2


def test_what_was_sold_out_when_it_was_remembered_is_told_too(user, kettle):
    stock(kettle, 0)
    wishlist.add_wish(user=user, product_id=kettle.pk)
    stock(kettle, 1)
    assert tell_what_is_back() == 1


def test_nobody_is_told_of_what_is_hidden(user, kept, kettle):
    WishlistItem.objects.update(is_waiting=True)
    Product.objects.update(is_visible=False)
    assert tell_what_is_back() == 0
    assert not AccountMail.objects.exists()


def test_an_address_that_was_never_confirmed_is_not_written_to(user, kept):
    type(user).objects.update(email_confirmed_at=None)
    WishlistItem.objects.update(is_waiting=True)
    tell_what_is_back()
    assert not AccountMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_several_workers_tell_once():
    wishlist.add_wish(user=UserFactory(), product_id=ProductFactory(stock=2).pk)
    WishlistItem.objects.update(is_waiting=True)

    def look(_number):
        try:
            return wishlist.tell_what_is_back()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(look, range(4))) == 1
    assert AccountMail.objects.count() == 1


def test_however_many_wait_no_statement_names_them_all(kettle):
    people = User.objects.bulk_create(
        [User(email=f"p{n}@example.org", username=f"p{n}", username_folded=f"p{n}") for n in range(1_100)]
    )
    WishlistItem.objects.bulk_create([WishlistItem(user=person, product=kettle) for person in people])
    stock(kettle, 0)
    with values_in_statements() as counts:
        assert wishlist.note_what_is_gone() == 1_100
    assert max(counts) < 600
    assert not WishlistItem.objects.filter(is_waiting=False).exists()
    assert wishlist.note_what_is_gone() == 0


@pytest.mark.django_db(transaction=True)
def test_what_is_deleted_while_it_is_remembered_is_not_found(user, kettle):
    gone = once_after('FROM "shop_product"', lambda: Product.objects.filter(pk=kettle.pk).delete())
    with gone, pytest.raises(NotFound):
        wishlist.add_wish(user=user, product_id=kettle.pk)
    assert not WishlistItem.objects.exists()
