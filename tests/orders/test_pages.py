import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccountMail, User
from cryptons import clock
from orders.links import guest_key, guest_url
from orders.models import Order
from orders.services import attach_guest_orders, ship
from tests.factories import OrderFactory, ProductFactory, StaffFactory, TransferFactory, UserFactory
from tests.orders.steps import payment_for, place, stock_of, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    return ProductFactory(name="Tea pot", price=Decimal("60.00"), stock=5)


@pytest.fixture
def order(product):
    return place((product, 2))


@pytest.fixture
def owner(client):
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def owned(owner, product):
    return place((product, 2), user=owner, email=owner.email)


def page_of(order, name="order"):
    return reverse(f"orders:{name}", args=[order.number])


class TestWhoMaySee:
    def test_a_guest_comes_in_by_the_signed_link_and_stays_in(self, client, order):
        response = client.get(f"{page_of(order)}?key={guest_key(order)}")
        assert response.status_code == 200
        assert response["Cache-Control"] == "private, no-store"
        assert client.get(page_of(order)).status_code == 200
        assert client.get(page_of(order, "pay")).status_code == 200

    @pytest.mark.parametrize("page", ["order", "pay"])
    def test_a_stranger_meets_a_404(self, client, order, page):
        other = guest_key(OrderFactory())
        for key in ("", "x", other, guest_key(order)[:-1]):
            assert client.get(f"{page_of(order, page)}?key={key}").status_code == 404
        client.force_login(UserFactory())
        assert client.get(page_of(order, page)).status_code == 404
        assert client.get(page_of(OrderFactory.build(number="0000-0000-0000"), page)).status_code == 404

    @pytest.mark.parametrize("step", ["cancel", "buy_again", "make_account"])
    def test_a_stranger_can_do_nothing(self, client, order, step):
        assert client.post(page_of(order, step)).status_code == 404
        assert Order.objects.get(pk=order.pk).status == "pending"

    def test_the_owner_comes_in_without_a_key(self, client, owned):
        assert client.get(page_of(owned)).status_code == 200
        assert client.get(page_of(owned).lower()).status_code == 200
        assert Client().get(page_of(owned)).status_code == 404

    def test_the_link_is_the_orders_address_on_this_site(self, order):
        assert guest_url(order) == f"http://127.0.0.1:8000{page_of(order)}?key={guest_key(order)}"


class TestTheOrderPage:
    def test_it_shows_lines_total_address_and_history(self, client, owned):
        page = client.get(page_of(owned)).content.decode()
        for text in ("Tea pot", "€120.00", "Ada Byron", "Mill Lane 12", "Order placed.", "Waiting for payment"):
            assert text in page
        assert "Cancel this order" in page

    def test_it_links_transactions_to_the_merchants_explorer(self, client, owned, settings):
        settings.EXPLORER_TX_URL = "https://explorer.example.org/tx/{txid}"
        TransferFactory(payment=payment_for(owned), txid="ab" * 32)
        tell(owned, "settled", received=200_000)
        page = client.get(page_of(owned)).content.decode()
        assert f"https://explorer.example.org/tx/{'ab' * 32}" in page
        assert "Cancel this order" not in page

    def test_it_shows_the_tracking_number(self, client, owned):
        tell(owned, "settled", received=200_000)
        ship(order_id=owned.pk, actor=StaffFactory(), tracking_number="RR1234")
        assert "RR1234" in client.get(page_of(owned)).content.decode()

    def test_a_few_queries_are_enough(self, client, owned, django_assert_max_num_queries):
        with django_assert_max_num_queries(13):
            client.get(page_of(owned))

    def test_a_cancelled_order_speaks_of_a_payment_only_if_money_came(self, client, owned):
        tell(owned, "expired")
        assert 'id="payment"' not in client.get(page_of(owned)).content.decode()
        tell(owned, "expired", "late", received=200_000)
        assert 'id="payment"' in client.get(page_of(owned)).content.decode()


class TestCancelling:
    def test_the_buyer_cancels_and_the_pieces_go_back(self, client, owned, product):
        page = client.post(page_of(owned, "cancel"), follow=True).content.decode()
        assert "The order is cancelled. You owe nothing." in page
        assert stock_of(product) == 5

    def test_a_paid_order_stays(self, client, owned, product):
        tell(owned, "seen", received=120_000)
        page = client.post(page_of(owned, "cancel"), follow=True).content.decode()
        assert "can no longer be cancelled here" in page
        assert (Order.objects.get(pk=owned.pk).status, stock_of(product)) == ("pending", 3)

    def test_it_takes_a_post(self, client, owned):
        assert client.get(page_of(owned, "cancel")).status_code == 405


def test_a_page_that_asks_again_is_told_only_of_what_is_new(client, owner, owned):
    def ask():
        return client.get(page_of(owned), {"state": shown}, headers={"HX-Request": "true"})

    shown = re.search(r'data-live-state="(.*?)"', client.get(page_of(owned)).content.decode())[1]
    assert shown == "pending unpaid 0"
    assert (ask().status_code, ask().content) == (204, b"")
    assert client.get(page_of(owned), {"state": shown}).status_code == 200
    tell(owned, "seen", received=10**9)
    answer = ask()
    assert answer.status_code == 200
    assert 'data-live-state="pending confirming 0"' in answer.content.decode()


def test_a_page_without_a_line_asks_again_as_long_as_something_is_to_come(client, owner, owned):
    for status, trigger in (
        ("pending", "every 10s, live-news"),
        ("shipped", "every 30s, live-news"),
        ("delivered", "live-news"),
    ):
        Order.objects.update(status=status)
        assert f'hx-trigger="{trigger}"' in client.get(page_of(owned)).content.decode()


def test_buying_again_fills_the_cart_as_far_as_it_is_sold(client, owner, product):
    gone = ProductFactory(name="Old cup")
    order = place((product, 4), (gone, 1), user=owner, email=owner.email)
    gone.is_visible = False
    gone.save()
    page = client.post(page_of(order, "buy_again"), follow=True).content.decode()
    assert [(line.product_id, line.quantity) for line in owner.cart_lines.all()] == [(product.pk, 1)]
    assert "Old cup" in page


class TestHistory:
    def test_it_lists_my_orders_in_pages(self, client, owner):
        for _ in range(11):
            OrderFactory(user=owner)
        stranger = OrderFactory(user=UserFactory())
        first = client.get(reverse("orders:history"))
        second = client.get(reverse("orders:history") + "?page=2")
        assert first.content.decode().count('class="card history"') == 10
        assert second.content.decode().count('class="card history"') == 1
        assert stranger.number not in first.content.decode() + second.content.decode()

    def test_it_says_so_when_there_is_nothing(self, client, owner):
        assert "You have not ordered anything yet" in client.get(reverse("orders:history")).content.decode()

    def test_it_asks_to_sign_in(self, client):
        assert client.get(reverse("orders:history")).url.startswith(reverse("accounts:sign_in"))


class TestAnAccountAfterwards:
    def test_a_password_is_enough_and_the_order_follows_once_the_address_is_confirmed(self, client, order):
        client.get(f"{page_of(order)}?key={guest_key(order)}")
        page = client.post(page_of(order, "make_account"), {"password": "quiet river stone"}, follow=True)
        assert "We sent an e-mail to buyer@example.org." in page.content.decode()
        user = User.objects.get(email=order.email)
        assert user.check_password("quiet river stone")
        assert AccountMail.objects.get().to == order.email
        client.force_login(user)
        assert Order.objects.get(pk=order.pk).user is None
        User.objects.update(email_confirmed_at=clock.now())
        client.force_login(User.objects.get())
        assert Order.objects.get(pk=order.pk).user == user

    def test_a_weak_password_is_refused_on_the_spot(self, client, order):
        client.get(f"{page_of(order)}?key={guest_key(order)}")
        response = client.post(page_of(order, "make_account"), {"password": "123"})
        assert response.status_code == 422
        assert "field__error" in response.content.decode()
        assert User.objects.count() == 0

    def test_whether_there_is_an_account_stays_a_secret(self, client, order):
        UserFactory(email=order.email, email_confirmed_at=clock.now())
        client.get(f"{page_of(order)}?key={guest_key(order)}")
        page = client.post(page_of(order, "make_account"), {"password": "quiet river stone"}, follow=True)
        assert "We sent an e-mail to buyer@example.org." in page.content.decode()

    def test_only_orders_of_the_same_address_without_an_owner_are_attached(self, order):
        user = UserFactory(email=order.email, email_confirmed_at=clock.now())
        theirs = OrderFactory(email=order.email, user=UserFactory())
        OrderFactory(email="other@example.org")
        assert attach_guest_orders(user=user) == 1
        assert list(user.orders.all()) == [order]
        assert theirs.user != user
