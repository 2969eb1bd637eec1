"""Endpoints and deliveries as staff see them."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from cryptons.db import uuid7
from cryptons.errors import Forbidden, InvalidInput, InvalidTransition
from orders.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from orders.webhooks import endpoints
from orders.webhooks.delivering import deliver_to, switched_off
from tests.factories import StaffFactory, UserFactory
from tests.orders.receiver import receiving
from tests.orders.steps import place

pytestmark = pytest.mark.django_db
LIST = reverse("admin:orders_webhookendpoint_changelist")
ADD = reverse("admin:orders_webhookendpoint_add")
DELIVERIES = reverse("admin:orders_webhookdelivery_changelist")


@pytest.fixture
def staff(client):
    user = StaffFactory()
    client.force_login(user)
    return user


@pytest.fixture
def private(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True


@pytest.fixture
def partner(private):
    return WebhookEndpoint.objects.create(url="http://127.0.0.1:9/hook", secret="whsec_first")


def clerk(*permissions):
    member = UserFactory(is_staff=True)
    member.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return member


def page_of(partner):
    return reverse("admin:orders_webhookendpoint_change", args=[partner.pk])


def test_an_endpoint_is_added_and_its_secret_shown_this_once(client, staff, private):
    said = {"url": " http://127.0.0.1:9/hook ", "description": "Books", "events": ["order.shipped"], "is_active": "on"}
    answer = client.post(ADD, said)
    made = WebhookEndpoint.objects.get()
    assert (made.url, made.description, made.events, made.is_active) == (
        "http://127.0.0.1:9/hook",
        "Books",
        ["order.shipped"],
        True,
    )
    assert made.secret in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    for page in (LIST, page_of(made)):
        assert made.secret not in client.get(page).content.decode()
    assert len(made.secret) > 40


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1/", "private network"),
        ("http://localhost:8000/", "private network"),
        ("http://[::ffff:127.0.0.1]/", "private network"),
        ("http://2130706433/", "private network"),
        ("http://0x7f.1/", "private network"),
        ("https://user:word@partner.example/", "user name"),
        ("ftp://partner.example/", "whole address"),
        ("https://partner.example:25/", "Port 25"),
        ("https://nothing-is-called-this.invalid/", "No host of this name"),
    ],
)
def test_an_address_the_store_does_not_send_to_is_refused_beside_its_field(client, staff, url, reason):
    page = client.post(ADD, {"url": url, "is_active": "on"})
    assert reason in str(page.context["form"].errors["url"])
    assert page.status_code == 200
    assert not WebhookEndpoint.objects.exists()


def test_plain_http_is_refused_in_production(client, staff, settings):
    settings.PRODUCTION = True
    page = client.post(ADD, {"url": "http://partner.example/", "is_active": "on"})
    assert "https://" in str(page.context["form"].errors["url"])


def test_an_endpoint_is_changed_and_switched_on_again(client, staff, partner):
    WebhookEndpoint.objects.update(is_active=False, off_because="It answered 410.", failures=9)
    assert "It answered 410." in client.get(page_of(partner)).content.decode()
    client.post(page_of(partner), {"url": partner.url, "description": "New", "is_active": "on"})
    partner.refresh_from_db()
    assert (partner.description, partner.is_active, partner.off_because, partner.failures) == ("New", True, "", 0)
    assert partner.secret == "whsec_first"


def test_an_endpoint_the_store_switched_off_is_counted_until_somebody_saves_it(client, staff, partner):
    WebhookEndpoint.objects.update(is_active=False, off_because="It answered 410.")
    assert switched_off() == 1
    client.post(page_of(partner), {"url": partner.url})
    assert (switched_off(), WebhookEndpoint.objects.get().is_active) == (0, False)


def test_a_change_to_a_private_address_is_refused_and_changes_nothing(client, staff, partner, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    page = client.post(page_of(partner), {"url": "http://10.0.0.1/", "description": "New"})
    assert "private network" in str(page.context["form"].errors["url"])
    assert list(WebhookEndpoint.objects.values_list("url", "description")) == [(partner.url, "")]


def test_a_secret_is_renewed_and_shown_this_once(client, staff, partner):
    path = reverse("admin:orders_webhookendpoint_secret", args=[partner.pk])
    assert client.get(path).status_code == 302
    answer = client.post(path)
    partner.refresh_from_db()
    assert partner.secret in answer.content.decode()
    assert (partner.previous_secret, partner.secret != "whsec_first") == ("whsec_first", True)


def test_a_test_message_and_a_second_delivery_are_asked_for_in_the_lists(client, staff, partner):
    with receiving() as server:
        WebhookEndpoint.objects.update(url=server.url)
        client.post(LIST, {"action": "send_test", "_selected_action": [partner.pk]})
        deliver_to(endpoint_id=partner.pk)
        row = WebhookDelivery.objects.get()
        client.post(DELIVERIES, {"action": "deliver_again", "_selected_action": [row.pk]})
        deliver_to(endpoint_id=partner.pk)
    assert [message["event"] for message in server.messages] == ["webhook.test"] * 2
    assert server.got[0][1] == server.got[1][1]
    assert WebhookAttempt.objects.count() == 2


def test_an_endpoint_that_is_switched_off_gets_nothing_on_request(client, staff, partner):
    order = place()
    WebhookEndpoint.objects.update(is_active=False)
    row = WebhookDelivery.objects.get(order=order)
    for path, action, key in ((LIST, "send_test", partner.pk), (DELIVERIES, "deliver_again", row.pk)):
        page = client.post(path, {"action": action, "_selected_action": [key]}, follow=True).content.decode()
        assert "switched off" in page
    assert WebhookDelivery.objects.count() == 1


def test_deliveries_are_found_by_order_event_and_state(client, staff, partner):
    first, second = place(), place()
    WebhookDelivery.objects.filter(order=first).update(next_attempt_at=None)
    row = WebhookDelivery.objects.get(order=second)

    def found(**query):
        return [one.order_id for one in client.get(DELIVERIES, query).context["cl"].result_list]

    assert found(q=first.number) == [first.pk]
    assert found(q=str(row.event_id)) == [second.pk]
    assert found(state="waiting") == [second.pk]
    assert found(state="gone") == [first.pk]
    assert found(state="failing") == found(state="delivered") == []
    WebhookAttempt.objects.create(delivery=row, number=1, milliseconds=12, status_code=500, answer="Overloaded")
    page = client.get(reverse("admin:orders_webhookdelivery_change", args=[row.pk])).content.decode()
    assert "Overloaded" in page
    assert second.number in page


def test_deliveries_are_shown_whose_endpoint_is_gone_and_leave_no_more(client, staff, partner):
    WebhookEndpoint.objects.create(url="http://127.0.0.1:9/other", secret="whsec_other")
    order, nobody = place(), uuid7()
    WebhookDelivery.objects.exclude(endpoint=partner).update(endpoint_id=nobody)
    rows = {row.endpoint_id: row for row in WebhookDelivery.objects.all()}
    page = client.get(DELIVERIES)
    assert {row.pk for row in page.context["cl"].result_list} == {row.pk for row in rows.values()}
    assert page.context["cl"].result_count == 2
    for words in (f"Deleted ({nobody})", partner.url, order.number):
        assert words in page.content.decode()
    gone = rows[nobody]
    page = client.get(reverse("admin:orders_webhookdelivery_change", args=[gone.pk])).content.decode()
    assert f"Deleted ({nobody})" in page
    again = {"action": "deliver_again", "_selected_action": [gone.pk]}
    assert "The endpoint of this delivery is gone" in client.post(DELIVERIES, again, follow=True).content.decode()
    assert WebhookDelivery.objects.get(pk=gone.pk).next_attempt_at == gone.next_attempt_at
    assert WebhookDelivery.objects.get(pk=gone.pk).out_of_turn is False


def test_an_endpoint_that_is_not_there_is_not_found(client, staff):
    for key in ("nothing", "0190a0a0-0000-7000-8000-000000000000"):
        assert client.get(f"/admin/orders/webhookendpoint/{key}/change/").status_code == 404
    assert client.post("/admin/orders/webhookendpoint/0190a0a0-0000-7000-8000-000000000000/secret/").status_code == 404


@pytest.mark.parametrize(
    ("permissions", "look", "change"),
    [((), 403, 403), (("view_webhookendpoint",), 200, 403), (("change_webhookendpoint",), 200, 200)],
)
def test_who_may_only_look_changes_nothing(client, partner, permissions, look, change):
    client.force_login(clerk(*permissions))
    page = client.get(page_of(partner))
    assert page.status_code == look
    assert (b'name="url"' in page.content) == (change == 200)
    assert client.post(page_of(partner), {"url": partner.url}, follow=True).status_code == change
    path = reverse("admin:orders_webhookendpoint_secret", args=[partner.pk])
    assert client.post(path).status_code == change
    assert client.get(ADD).status_code == 403
    assert WebhookEndpoint.objects.get().is_active == (change == 403)


def test_services_ask_for_the_permission_themselves(partner):
    place()
    row = WebhookDelivery.objects.get()
    for actor in (None, UserFactory(), clerk("view_webhookendpoint")):
        for call in (
            lambda actor: endpoints.create_endpoint(actor=actor, url="https://partner.example/"),
            lambda actor: endpoints.change_endpoint(
                endpoint_id=partner.pk, actor=actor, url="https://partner.example/"
            ),
            lambda actor: endpoints.renew_secret(endpoint_id=partner.pk, actor=actor),
            lambda actor: endpoints.send_test(endpoint_id=partner.pk, actor=actor),
            lambda actor: endpoints.deliver_again(delivery_id=row.pk, actor=actor),
        ):
            with pytest.raises(Forbidden):
                call(actor)
    assert list(WebhookEndpoint.objects.values_list("url", "secret")) == [(partner.url, "whsec_first")]
    assert WebhookDelivery.objects.count() == 1


def test_an_unknown_event_is_refused(partner):
    with pytest.raises(InvalidInput):
        endpoints.change_endpoint(endpoint_id=partner.pk, actor=StaffFactory(), url=partner.url, events=["order.eaten"])


def test_of_two_who_renew_a_secret_at_once_one_is_told(partner, monkeypatch):
    real = endpoints.get_endpoint

    def late(*, endpoint_id):
        found = real(endpoint_id=endpoint_id)
        WebhookEndpoint.objects.update(secret="whsec_others")
        return found

    monkeypatch.setattr(endpoints, "get_endpoint", late)
    with pytest.raises(InvalidTransition):
        endpoints.renew_secret(endpoint_id=partner.pk, actor=StaffFactory())
    partner.refresh_from_db()
    assert (partner.secret, partner.previous_secret) == ("whsec_others", "")
