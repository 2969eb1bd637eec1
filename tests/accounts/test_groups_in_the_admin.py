"""Each group of the staff sees and does in the admin what the API lets it do, and no more."""

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import ApiSession, User
from orders.models import Order
from orders.status import OrderStatus
from payments.status import PaymentStatus
from reviews.services import write_review
from shop.models import Product
from tests.api.conftest import Api
from tests.factories import PASSWORD, OrderFactory, ProductFactory, StaffFactory, UserFactory
from tests.orders.steps import place, tell

pytestmark = pytest.mark.django_db
CATALOGUE = {"shop/category", "shop/product"}
ORDERS = {"orders/order", "orders/orderevent", "orders/orderpayment"}
PAYMENTS = {"payments/payment", "payments/paymentoption", "payments/transfer"}
PEOPLE = {"accounts/user", "accounts/address", "accounts/apisession"}
SEES = {
    "Catalogue": CATALOGUE,
    "Orders": ORDERS | PAYMENTS,
    "Support": ORDERS | PAYMENTS | PEOPLE | {"reviews/review"},
    "Reports": set(),
}


@pytest.fixture
def member_of(client):
    def make(*groups):
        member = UserFactory(is_staff=True, password=PASSWORD)
        member.groups.set(Group.objects.filter(name__in=groups))
        client.force_login(member)
        return member

    return make


def listed(client):
    page = client.get("/admin/").content.decode()
    return set(re.findall(r'href="/admin/(\w+/\w+)/"', page)) - {"auth/user"}


@pytest.mark.parametrize("group", SEES)
def test_a_group_sees_its_own_part_and_no_other(client, member_of, group):
    member_of(group)
    assert listed(client) & (CATALOGUE | ORDERS | PAYMENTS | PEOPLE | {"reviews/review"}) == SEES[group]
    for name in CATALOGUE | ORDERS | PAYMENTS | PEOPLE | {"auth/group", "shop/cartline", "accounts/accountmail"}:
        assert client.get(f"/admin/{name}/").status_code == (200 if name in SEES[group] else 403), name


def test_without_a_group_there_is_nothing_to_see(client, member_of):
    member_of()
    assert listed(client) == set()
    assert client.get("/admin/shop/product/").status_code == 403


def test_rights_come_and_go_with_the_next_request(client, member_of):
    member = member_of()
    caller = Api().as_(member)
    for group, status in ((Group.objects.get(name="Orders"), 200), (None, 403)):
        member.groups.set([group] if group else [])
        assert client.get("/admin/orders/order/").status_code == status
        moved = caller.put(f"/orders/{OrderFactory().pk}/status", {"status": "shipped"})
        assert moved.status == (409 if status == 200 else 403)
    member.is_staff = False
    member.save()
    member.groups.set(Group.objects.all())
    assert client.get("/admin/orders/order/").status_code == 302
    assert not User.objects.get(pk=member.pk).has_perm("orders.change_order")


def test_the_catalogue_group_writes_products(client, member_of):
    member_of("Catalogue")
    mug = ProductFactory(slug="mug")
    assert client.get(reverse("admin:shop_product_change", args=[mug.pk])).status_code == 200
    hide = {"action": "hide_from_shop", "_selected_action": [str(mug.pk)]}
    client.post(reverse("admin:shop_product_changelist"), hide)
    assert not Product.objects.get(pk=mug.pk).is_visible


def test_a_product_that_was_sold_is_hidden_and_not_deleted(client, member_of):
    member_of("Catalogue")
    sold, unsold = ProductFactory(), ProductFactory()
    place((sold, 1))
    told = []
    for product in (sold, unsold):
        page = reverse("admin:shop_product_delete", args=[product.pk])
        assert client.get(page).status_code == 200
        told.append(client.post(page, {"post": "yes"}, follow=True).content.decode())
    assert list(Product.objects.values_list("pk", "is_visible")) == [(sold.pk, False)]
    assert "It stands in orders, so it is hidden and not deleted." in told[0]
    assert "It is deleted with its pictures." in told[1]
    assert "delete_selected" not in told[1]


def test_the_orders_group_moves_orders_and_the_catalogue_group_does_not(client, member_of):
    order = tell(place(), PaymentStatus.SETTLED, received=10**9)
    ship = {"action": "ship", "_selected_action": [str(order.pk)], "confirmed": "ship", f"words-{order.pk}": "T1"}
    for group, status in (("Catalogue", OrderStatus.PROCESSING), ("Orders", OrderStatus.SHIPPED)):
        member_of(group)
        client.post(reverse("admin:orders_order_changelist"), ship)
        assert Order.objects.get(pk=order.pk).status == status


def test_support_looks_after_shoppers_and_not_after_staff(client, member_of):
    member_of("Support")
    shopper, boss = UserFactory(), StaffFactory()
    assert client.get(reverse("admin:accounts_user_delete", args=[shopper.pk])).status_code == 403
    page = client.get(reverse("admin:accounts_user_change", args=[shopper.pk])).content.decode()
    assert 'name="first_name"' in page
    assert 'name="is_superuser"' not in page
    assert 'name="first_name"' not in client.get(reverse("admin:accounts_user_change", args=[boss.pk])).content.decode()
    assert client.get(reverse("admin:auth_user_password_change", args=[boss.pk])).status_code == 403
    Api().as_(shopper)
    Api().as_(boss)
    keys = [str(key) for key in ApiSession.objects.values_list("pk", flat=True)]
    client.post(reverse("admin:accounts_apisession_changelist"), {"action": "end", "_selected_action": keys})
    assert list(ApiSession.objects.filter(ended_at=None).values_list("user", flat=True)) == [boss.pk]


def test_only_who_moderates_decides_about_reviews(client, member_of):
    review = write_review(actor=UserFactory(), product_id=ProductFactory().pk, rating=4, comment="Good.")
    decide = {
        "action": "approve",
        "_selected_action": [str(review.pk)],
        f"read-{review.pk}": review.updated_at.isoformat(),
    }
    for group, status in (("Orders", "waiting"), ("Support", "approved")):
        member_of(group)
        client.post(reverse("admin:reviews_review_changelist"), decide)
        review.refresh_from_db()
        assert review.status == status
