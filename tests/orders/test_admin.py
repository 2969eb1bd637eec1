import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.models import Order, OutboxMessage
from orders.tasks import deliver_outbox
from shop.search import text
from tests.factories import (
    OrderFactory,
    PaymentOptionFactory,
    ProductFactory,
    StaffFactory,
    TransferFactory,
    UserFactory,
)
from tests.orders.steps import payment_for, place, stock_of, tell

pytestmark = pytest.mark.django_db
LIST = reverse("admin:orders_order_changelist")


@pytest.fixture
def staff(client):
    user = StaffFactory()
    client.force_login(user)
    return user


@pytest.fixture
def product():
    return ProductFactory(price=60, stock=5, sku="TEA-01")


@pytest.fixture
def order(product):
    return place((product, 2))


def decide(client, action, *orders, **words):
    chosen = [order.pk for order in orders]
    data = {"action": action, "confirmed": action, "_selected_action": chosen, **words}
    return client.post(LIST, data, follow=True).content.decode()


def numbers(client, **query):
    page = client.get(LIST, query)
    return [order.number for order in page.context["cl"].result_list]


def test_the_lists_and_the_detail_open(client, staff, order):
    tell(order, "seen", received=120_000)
    for name in ("order", "orderevent", "outboxmessage", "orderpayment"):
        assert client.get(reverse(f"admin:orders_{name}_changelist")).status_code == 200
    page = client.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()
    assert "Mill Lane 12" in page
    assert 'name="_save"' not in page
    assert 'value="Cancel"' in page
    assert 'value="Ship"' not in page


def test_an_order_is_found_by_what_one_has_in_hand(client, staff, order):
    OrderFactory(email="somebody@else.org", full_name="Somebody Else")
    PaymentOptionFactory(payment=payment_for(order), address="bcrt1qfindme")
    TransferFactory(payment=payment_for(order), txid="ab" * 32)
    for typed in (order.number, order.number[:4], "buyer@example", "tea-01", "bcrt1qfindme", "AB" * 32, "Ada"):
        assert numbers(client, q=typed) == [order.number], typed
    assert numbers(client, q="cd" * 32) == []


def test_what_is_to_do_comes_oldest_first(client, staff, product):
    first, second, waiting = place((product, 1)), place((product, 1)), place((product, 1))
    for order in (second, first):
        tell(order, "settled", "overpaid", received=100_000)
    assert numbers(client, work="ship") == [first.number, second.number]
    assert numbers(client, work="decide") == [first.number, second.number]
    assert numbers(client, status="pending") == [waiting.number]


def test_shipping_asks_for_the_tracking_number_and_then_ships(client, staff, order):
    tell(order, "settled", received=200_000)
    page = client.post(LIST, {"action": "ship", "_selected_action": [order.pk]}).content.decode()
    assert "Tracking number" in page
    assert Order.objects.get().status == "processing"
    assert f"{order.number} is shipped." in decide(client, "ship", order, **{f"words-{order.pk}": "RR1234"})
    assert (Order.objects.get().status, Order.objects.get().tracking_number) == ("shipped", "RR1234")
    assert order.events.filter(to_status="shipped", actor=staff).count() == 1


def test_each_order_says_what_became_of_it(client, staff, product):
    paid, unpaid = place((product, 1)), place((product, 1))
    tell(paid, "settled", received=100_000)
    page = decide(client, "ship", paid, unpaid)
    assert f"{paid.number} is shipped." in page
    assert f"{unpaid.number}: The payment of this order is not settled" in page


def test_cancelling_returns_the_pieces_and_tells_the_reason(client, staff, order, product):
    decide(client, "cancel_order", order, **{f"words-{order.pk}": "Sold by mistake"})
    assert stock_of(product) == 5
    assert OutboxMessage.objects.get(topic="cancelled").payload == {"reason": "Sold by mistake"}


def test_a_refused_step_is_reported_and_changes_nothing(client, staff, order):
    for action in ("deliver", "accept_payment", "ask_for_rest"):
        assert 'class="error"' in decide(client, action, order)
    assert Order.objects.get().status == "pending"
    assert order.events.count() == 1


def test_what_was_handled_goes_from_the_list(client, staff, order):
    tell(order, "settled", "overpaid", received=300_000)
    decide(client, "clear_attention", order)
    assert numbers(client, work="decide") == []


def test_a_message_is_sent_once_more_on_request(client, staff, order, mailoutbox):
    deliver_outbox()
    row = OutboxMessage.objects.get()
    data = {"action": "send_once_more", "_selected_action": [row.pk]}
    client.post(reverse("admin:orders_outboxmessage_changelist"), data)
    assert (deliver_outbox(), len(mailoutbox)) == (1, 2)


def test_nobody_adds_changes_or_deletes_orders_by_hand(client, staff, order):
    assert client.get(reverse("admin:orders_order_add")).status_code == 403
    assert client.get(reverse("admin:orders_order_delete", args=[order.pk])).status_code == 403
    client.post(reverse("admin:orders_order_change", args=[order.pk]), {"status": "shipped", "total": "1"})
    assert (Order.objects.get().status, Order.objects.get().total) == ("pending", 120)


def test_a_buyer_has_no_business_here(client, order):
    client.force_login(UserFactory())
    assert client.get(LIST).status_code == 302


def test_what_may_be_of_several_kinds_is_found_as_each_of_them(client, staff):
    by_sku = place((ProductFactory(sku="BEAN", stock=5), 1))
    numbered = OrderFactory(number="BEAN-0001-0002", full_name="Zoë Adams", email="zoe@example.org")
    named = OrderFactory(full_name="Rowan A.", email="mrbean@example.org")
    OrderFactory(full_name="Somebody Else", email="somebody@else.org")
    assert set(numbers(client, q="BEAN")) == {by_sku.number, numbered.number, named.number}
    assert numbers(client, q="zoe adams") == numbers(client, q="bean-00") == [numbered.number]
    assert numbers(client, q="bean-0001-0oo2") == [numbered.number]
    assert numbers(client, q="bean-000l-3") == []
    events = client.get(reverse("admin:orders_orderevent_changelist"), {"q": "BEAN"}).context["cl"].result_list
    assert {event.order_id for event in events} == {by_sku.pk}


def test_a_whole_email_address_is_alone_what_was_meant(client, staff):
    OrderFactory(email="joann@example.org")
    meant = OrderFactory(email="ann@example.org")
    assert numbers(client, q="Ann@example.org") == [meant.number]
    assert len(numbers(client, q="ann@example")) == 2


@pytest.mark.parametrize("few", [0, 1, 2, 500])
def test_a_kind_that_finds_very_many_hides_no_other(client, staff, monkeypatch, few):
    monkeypatch.setattr(text, "FEW", few)
    meant = [OrderFactory(email=f"{name}.bean@example.org").number for name in ("tess", "rose")]
    meant += [OrderFactory(number=f"BEAN-0001-000{last}", email="zoe@example.org").number for last in (2, 3)]
    addressed = place()
    meant += [place((ProductFactory(sku="BEAN", stock=5), 1)).number, addressed.number]
    PaymentOptionFactory(payment=payment_for(addressed), address="bean")
    OrderFactory(full_name="Somebody Else", email="somebody@else.org")
    assert sorted(numbers(client, q="bean")) == sorted(meant)
    assert numbers(client, q="nobody") == []


@pytest.mark.parametrize(("few", "looks"), [(3, [False]), (2, [False, False, True])])
def test_of_few_that_have_the_name_nothing_is_looked_for_twice(client, staff, order, monkeypatch, few, looks):
    monkeypatch.setattr(text, "FEW", few)
    rows = OrderFactory.create_batch(3, full_name="Lise Byron", email="lise@example.org")
    with CaptureQueriesContext(connection) as asked:
        assert set(numbers(client, q="lise byr")) == {row.number for row in rows}
    found = [
        query["sql"] for query in asked.captured_queries if '"search_text"' in query["sql"] and " LIKE " in query["sql"]
    ]
    assert ["full_name" in sql.split("FROM")[0] for sql in found] == looks


def test_what_very_many_have_is_sorted_by_keys_which_are_as_old_as_the_orders(client, staff, monkeypatch):
    monkeypatch.setattr(text, "FEW", 1)
    bean = ProductFactory(sku="BEAN", stock=5)
    placed = [place((bean, 1)).number for _ in range(3)]
    with CaptureQueriesContext(connection) as asked:
        assert numbers(client, q="bean") == placed[::-1]
    assert not [query for query in asked.captured_queries if 'BY "orders_order"."created_at"' in query["sql"]]
    Order.objects.update(status="processing")
    assert numbers(client, q="bean", work="ship") == placed
