"""Steps of the admin with very many rows chosen: they are taken with so many at once as a form and a statement hold."""

import re

import pytest
from django.contrib.messages import get_messages

from accounts.models import User
from cryptons.chosen import AT_ONCE
from orders.models import Order, OutboxMessage
from tests.factories import OrderFactory, StaffFactory
from tests.statements import values_in_statements

pytestmark = pytest.mark.django_db
PEOPLE = "/admin/accounts/user/?is_staff__exact=0"
ORDERS = "/admin/orders/order/"


@pytest.fixture
def staff(client):
    client.force_login(StaffFactory(email="boss@example.com"))
    return client


@pytest.fixture
def crowd():
    """More people than a form has room for."""
    people = [User(email=f"p{n}@example.org", username=f"p{n}", username_folded=f"p{n}") for n in range(1_100)]
    return User.objects.bulk_create(people)


def choose_all(client, url, action):
    key = re.search(r'name="_selected_action" value="([^"]+)"', client.get(url).content.decode())[1]
    return client.post(url, {"action": action, "select_across": "1", "index": "0", "_selected_action": key})


def fields_of(page):
    """Return what the form of a page sends, as a browser would."""
    form = page.split('<form method="post"')[1]
    return re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)


def confirm(client, url, page):
    fields = {}
    for name, value in fields_of(page):
        fields.setdefault(name, []).append(value)
    return client.post(url, fields)


def test_of_very_many_the_first_are_asked_about_and_deleted(staff, crowd):
    asked = choose_all(staff, PEOPLE, "delete_selected")
    page = asked.content.decode()
    assert f"More than {AT_ONCE} are chosen. This step takes the first {AT_ONCE} of them" in page
    assert [name for name, _ in fields_of(page)].count("_selected_action") == AT_ONCE
    assert User.objects.count() == 1 + 1_100
    with values_in_statements() as counts:
        done = confirm(staff, PEOPLE, page)
    assert done.status_code == 302
    assert User.objects.count() == 1 + 1_100 - AT_ONCE
    assert max(counts) < 1_000
    assert [str(one) for one in get_messages(done.wsgi_request)] == [f"Successfully deleted {AT_ONCE} users."]


def test_as_many_as_one_step_takes_are_all_deleted(staff, crowd):
    User.objects.filter(pk__in=[person.pk for person in crowd[AT_ONCE:]]).delete()
    page = choose_all(staff, PEOPLE, "delete_selected").content.decode()
    assert "are chosen" not in page
    confirm(staff, PEOPLE, page)
    assert list(User.objects.values_list("email", flat=True)) == ["boss@example.com"]


def test_a_confirmation_that_was_made_up_deletes_no_more(staff, crowd):
    staff.post(
        PEOPLE,
        {"action": "delete_selected", "select_across": "1", "_selected_action": str(crowd[0].pk), "post": "yes"},
    )
    assert User.objects.count() == 1 + 1_100 - AT_ONCE


def test_of_very_many_orders_the_first_are_asked_about(staff):
    OrderFactory.create_batch(AT_ONCE + 1)
    page = choose_all(staff, ORDERS, "clear_attention").content.decode()
    assert f"More than {AT_ONCE} are chosen." in page
    assert [name for name, _ in fields_of(page)].count("_selected_action") == AT_ONCE
    assert Order.objects.count() == AT_ONCE + 1


def test_very_many_messages_leave_again_without_a_statement_that_names_their_orders(staff):
    orders = OrderFactory.create_batch(AT_ONCE + 1)
    OutboxMessage.objects.bulk_create(
        [OutboxMessage(order=order, topic="placed", key=f"placed:{order.pk}", next_attempt_at=None) for order in orders]
    )
    with values_in_statements() as counts:
        choose_all(staff, "/admin/orders/outboxmessage/", "send_once_more")
    assert max(counts) < AT_ONCE
    assert OutboxMessage.objects.filter(next_attempt_at__isnull=False).count() == AT_ONCE + 1
