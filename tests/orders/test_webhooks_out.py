"""In which order endpoints are told, and what becomes of it when they do not listen. The endpoints are real servers."""

import hashlib
import hmac
from datetime import timedelta

import pytest

from cryptons import clock
from orders.models import WebhookAttempt, WebhookDelivery
from orders.webhooks import delivering, outcome
from orders.webhooks.delivering import deliver_to
from orders.webhooks.endpoints import deliver_again, renew_secret, send_test
from tests.factories import StaffFactory
from tests.orders.endpoints import endpoint, events, paid_and_shipped, states
from tests.orders.receiver import receiving
from tests.orders.steps import place, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _private_is_allowed(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True


def test_a_receiver_gets_each_event_once_in_order_and_can_check_who_sent_it():
    with receiving() as server:
        partner = endpoint(server.url)
        order = place()
        paid_and_shipped(order)
        assert deliver_to(endpoint_id=partner.pk).sent == 5
        assert deliver_to(endpoint_id=partner.pk).sent == 0
    assert [message["event"] for message in server.messages] == events()
    assert server.told("X-Webhook-Event") == events()
    assert server.told("X-Webhook-Sequence") == ["1", "2", "3", "4", "5"]
    assert server.told("X-Webhook-Id") == [message["id"] for message in server.messages]
    assert server.told("X-Webhook-Attempt") == ["1"] * 5
    assert set(server.told("User-Agent")) == {"Cryptons-Webhooks/1"}
    assert set(server.told("Content-Type")) == {"application/json"}
    for headers, body in server.got:
        moment, signature = headers["X-Webhook-Signature"].split(",")
        signed = moment.removeprefix("t=").encode() + b"." + body
        assert signature == "v1=" + hmac.new(b"a-secret", signed, hashlib.sha256).hexdigest()
    assert states() == ["delivered"] * 5


def test_each_try_is_on_record():
    with receiving(lambda number: (500, "Überlast".encode(), {}) if number == 1 else 204) as server:
        partner = endpoint(server.url)
        place()
        deliver_to(endpoint_id=partner.pk)
        assert states() == ["waiting"]
        assert WebhookDelivery.objects.get().last_error == "The endpoint answered 500."
        WebhookDelivery.objects.update(next_attempt_at=clock.now())
        deliver_to(endpoint_id=partner.pk)
    tries = [(one.number, one.status_code, one.error, one.answer) for one in WebhookAttempt.objects.all()]
    assert tries == [(1, 500, "", "Überlast"), (2, 204, "", "")]
    assert server.got[0][1] == server.got[1][1]
    assert server.told("X-Webhook-Attempt") == ["1", "2"]
    assert states() == ["delivered"]


def test_an_event_waits_for_the_earlier_ones_of_its_order_and_other_orders_pass_it_by(time):
    refused = []

    def answer(number):
        body = server.messages[-1]
        first = body["data"]["orderId"] == str(slow.pk) and body["event"] == "order.created"
        if first and len(refused) < 2:
            refused.append(number)
            return 503
        return 200

    with receiving(answer) as server:
        partner = endpoint(server.url)
        slow, quick = place(), place()
        paid_and_shipped(slow)
        tell(quick, "seen", received=100_000)
        deliver_to(endpoint_id=partner.pk)
        told = [(body["data"]["orderId"] == str(slow.pk), body["event"]) for body in server.messages]
        assert told == [(True, "order.created"), (False, "order.created"), (False, "payment.seen")]
        for seconds in (5, 10):
            time.on(seconds=seconds)
            deliver_to(endpoint_id=partner.pk)
    of_slow = [body["event"] for body in server.messages if body["data"]["orderId"] == str(slow.pk)]
    assert of_slow == ["order.created"] * 3 + ["payment.seen", "payment.settled", "order.processing", "order.shipped"]
    assert set(states()) == {"delivered"}


def test_after_three_days_an_event_is_given_up_and_the_next_ones_say_so(time):
    with receiving(lambda number: 500 if server.messages[-1]["event"] == "order.created" else 200) as server:
        partner = endpoint(server.url)
        order = place()
        tell(order, "seen", received=100_000)
        waits = []
        while states()[0] == "waiting":
            deliver_to(endpoint_id=partner.pk)
            row = WebhookDelivery.objects.get(sequence=1)
            waits.append(round((row.next_attempt_at - clock.now()).total_seconds()) if row.next_attempt_at else None)
            time.on(hours=1, seconds=1)
        deliver_to(endpoint_id=partner.pk)
    assert waits[:4] == [5, 10, 20, 40]
    assert waits[-2:] == [3600, None]
    assert len(waits) == 73
    assert states() == ["given up", "delivered"]
    assert server.messages[-1]["event"] == "payment.seen"
    assert server.told("X-Webhook-Missed")[-2:] == [None, "1"]


def test_waiting_for_an_earlier_event_takes_nothing_off_the_three_days(time):
    partner = endpoint()
    order = place()
    tell(order, "seen", received=100_000)
    WebhookDelivery.objects.filter(sequence=1).update(next_attempt_at=None)
    time.on(days=10)
    deliver_to(endpoint_id=partner.pk)
    assert states() == ["given up", "waiting"]


def test_an_endpoint_that_is_away_is_rested_and_its_first_good_answer_ends_that(time):
    with receiving(lambda number: 500 if number <= 3 else 200) as server:
        partner = endpoint(server.url)
        for _ in range(5):
            place()
        assert deliver_to(endpoint_id=partner.pk).failed == 3
        partner.refresh_from_db()
        assert (partner.failures, partner.failing_since is not None) == (3, True)
        assert round((partner.paused_until - clock.now()).total_seconds()) == 20
        assert deliver_to(endpoint_id=partner.pk).sent == 0
        time.on(seconds=21)
        assert deliver_to(endpoint_id=partner.pk).sent == 5
    partner.refresh_from_db()
    assert (partner.failures, partner.paused_until, partner.failing_since) == (0, None, None)
    assert set(states()) == {"delivered"}


def test_one_event_that_is_refused_for_ever_rests_nobody(time):
    with receiving(lambda number: 500) as server:
        partner = endpoint(server.url)
        place()
        for _ in range(8):
            deliver_to(endpoint_id=partner.pk)
            time.on(hours=1)
        server.answer = lambda number: 500 if server.messages[-1] == server.messages[0] else 200
        place()
        assert deliver_to(endpoint_id=partner.pk).sent == 1
    partner.refresh_from_db()
    assert partner.paused_until is None


def test_an_endpoint_that_answers_410_is_switched_off_at_once():
    with receiving(lambda number: 410) as server:
        partner = endpoint(server.url)
        order = place()
        tell(order, "seen", received=100_000)
        deliver_to(endpoint_id=partner.pk)
        deliver_to(endpoint_id=partner.pk)
    partner.refresh_from_db()
    assert (partner.is_active, len(server.got)) == (False, 1)
    assert "410" in partner.off_because
    assert states() == ["given up", "waiting"]
    place()
    assert len(events()) == 2


def test_an_endpoint_with_nothing_but_failures_for_days_is_switched_off(time):
    with receiving(lambda number: 500) as server:
        partner = endpoint(server.url)
        place()
        deliver_to(endpoint_id=partner.pk)
        time.on(days=5, seconds=1)
        deliver_to(endpoint_id=partner.pk)
    partner.refresh_from_db()
    assert not partner.is_active
    assert "Nothing but failures since" in partner.off_because


def test_what_was_sent_and_not_marked_is_sent_again_with_the_same_id(time, monkeypatch):
    """The process dies between the other side's answer and our writing it down."""

    def die(*args):
        raise SystemExit

    with receiving() as server:
        partner = endpoint(server.url)
        place()
        monkeypatch.setattr(delivering, "settle", die)
        with pytest.raises(SystemExit):
            deliver_to(endpoint_id=partner.pk)
        monkeypatch.setattr(delivering, "settle", outcome.settle)
        assert deliver_to(endpoint_id=partner.pk).sent == 0
        time.on(minutes=2)
        assert deliver_to(endpoint_id=partner.pk).sent == 1
    first, second = server.got
    assert (first[1], first[0]["X-Webhook-Id"]) == (second[1], second[0]["X-Webhook-Id"])
    assert states() == ["delivered"]


def test_a_worker_that_was_overtaken_writes_its_try_and_nothing_else():
    partner = endpoint()
    place()
    row = delivering._claim_next(partner)
    WebhookDelivery.objects.update(next_attempt_at=clock.now() + timedelta(hours=1))
    outcome.settle(partner, row, delivering.sending.send(partner, row))
    assert states() == ["waiting"]
    assert WebhookAttempt.objects.count() == 1
    partner.refresh_from_db()
    assert partner.failures == 0


def test_a_private_address_is_not_sent_to_although_it_is_stored(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    with receiving() as server:
        partner = endpoint(server.url)
        place()
        deliver_to(endpoint_id=partner.pk)
    assert server.got == []
    assert "private network" in WebhookDelivery.objects.get().last_error


def test_a_renewed_secret_signs_beside_the_old_one_for_a_day(time):
    with receiving() as server:
        partner = endpoint(server.url)
        partner = renew_secret(endpoint_id=partner.pk, actor=StaffFactory())
        for ahead in (0, 25):
            time.on(hours=ahead)
            place()
            deliver_to(endpoint_id=partner.pk)
    both, one = server.told("X-Webhook-Signature")
    for header, body, secrets in (
        (both, server.got[0][1], [partner.secret, "a-secret"]),
        (one, server.got[1][1], [partner.secret]),
    ):
        moment, *signatures = header.split(",")
        message = moment.removeprefix("t=").encode() + b"." + body
        expected = [hmac.new(secret.encode(), message, hashlib.sha256).hexdigest() for secret in secrets]
        assert signatures == [f"v1={signature}" for signature in expected]


def test_a_delivery_is_sent_again_on_request_out_of_turn(time):
    with receiving() as server:
        partner = endpoint(server.url)
        order = place()
        tell(order, "seen", received=100_000)
        deliver_to(endpoint_id=partner.pk)
        first = WebhookDelivery.objects.get(sequence=1)
        deliver_again(delivery_id=first.pk, actor=StaffFactory())
        tell(order, "settled", received=100_000, confirmations=1)
        server.answer = lambda number: 500 if server.messages[-1]["event"] == "order.created" else 200
        deliver_to(endpoint_id=partner.pk)
    told = [message["event"] for message in server.messages]
    assert told[:2] == ["order.created", "payment.seen"]
    # What was asked for again fails, and holds up nothing that is new.
    assert sorted(told[2:]) == ["order.created", "order.processing", "payment.settled"]
    assert server.got[0][1] == next(body for _, body in server.got[2:] if b"order.created" in body)


def test_a_test_message_is_sent_to_one_endpoint():
    with receiving() as server:
        partner = endpoint(server.url, events=["order.shipped"])
        endpoint()
        send_test(endpoint_id=partner.pk, actor=StaffFactory())
        deliver_to(endpoint_id=partner.pk)
    assert server.told("X-Webhook-Event") == ["webhook.test"]
    assert len(events()) == 1
