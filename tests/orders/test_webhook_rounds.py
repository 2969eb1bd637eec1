"""Several endpoints and several workers at once."""

from threading import Event, Thread

import pytest
from django.db import connection

from cryptons.outbox import claim
from cryptons.outgoing.posting import Answer
from orders.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from orders.webhooks import delivering
from orders.webhooks.delivering import deliver_to, start_round
from orders.webhooks.outcome import settle
from tests.orders.receiver import receiving
from tests.orders.steps import place, tell

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _private_is_allowed(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True


def endpoint(url):
    return WebhookEndpoint.objects.create(url=url, secret="a-secret")


def test_a_slow_endpoint_holds_up_neither_the_others_nor_the_worker():
    release = Event()

    def hold(number):
        release.wait(30)
        return 200

    with receiving(hold) as slow, receiving() as quick:
        keys = [endpoint(slow.url).pk, endpoint(quick.url).pk]
        place()
        first = dict(zip(sorted(keys), start_round(), strict=True))
        assert first[keys[1]].result(timeout=30).sent == 1
        place()
        # The slow one is still at it, so a second round is for the quick one alone.
        assert [future.result(timeout=30).sent for future in start_round()] == [1]
        assert len(quick.got) == 2
        release.set()
        assert first[keys[0]].result(timeout=30).sent == 2
    assert delivering._busy == set()


def test_a_worker_that_is_to_stop_sends_no_more(monkeypatch):
    monkeypatch.setattr(delivering, "is_stopping", lambda: True)
    with receiving() as server:
        partner = endpoint(server.url)
        place()
        assert deliver_to(endpoint_id=partner.pk).sent == 0
        monkeypatch.undo()
        assert deliver_to(endpoint_id=partner.pk).sent == 1
    assert len(server.got) == 1


def test_an_event_is_not_put_off_for_one_that_was_delivered_meanwhile(monkeypatch):
    with receiving() as server:
        partner = endpoint(server.url)
        order = place()
        tell(order, "seen", received=100_000)
        first, *_ = rows = list(WebhookDelivery.objects.order_by("sequence"))
        assert claim(first)
        look = delivering._waited_for

        def look_while_another_worker_settles(row):
            monkeypatch.undo()
            earlier = look(row)
            settle(partner, first, Answer(200, "", "", 1))
            return earlier

        monkeypatch.setattr(delivering, "_waited_for", look_while_another_worker_settles)
        assert deliver_to(endpoint_id=partner.pk).sent == len(rows) - 1
    assert not WebhookDelivery.objects.exclude(next_attempt_at=None).exists()


def test_of_many_workers_one_sends_each_event_and_in_order():
    with receiving() as server:
        partner = endpoint(server.url)
        for _ in range(3):
            order = place()
            tell(order, "seen", received=100_000)
            tell(order, "settled", received=100_000, confirmations=1)

        def work():
            # Who finds everything claimed or waiting goes home; the last one at work finds what came free.
            deliver_to(endpoint_id=partner.pk)
            connection.close()

        workers = [Thread(target=work) for _ in range(6)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert set(WebhookDelivery.objects.values_list("attempts", flat=True)) == {1}
    assert WebhookAttempt.objects.count() == len(server.got) == 12
    heard = {}
    for message in server.messages:
        heard.setdefault(message["data"]["orderId"], []).append(message["sequence"])
    assert list(heard.values()) == [[1, 2, 3, 4]] * 3
