"""The panel that a person with money in hand looks at."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cryptons import clock
from payments.models import PaymentOption, Watcher
from payments.selectors import payment_view
from tests.factories import PaymentFactory, PaymentOptionFactory, TransferFactory
from tests.payments.stub import rpc, serving

pytestmark = pytest.mark.django_db
ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"


@pytest.fixture(autouse=True)
def _watching(db):
    Watcher.objects.create(coin="BTC", last_ok_at=clock.now())


def waiting(**fields):
    payment = PaymentFactory(**fields)
    PaymentOptionFactory(payment=payment, address=ADDRESS)
    return payment


def page(client, payment, **query):
    return client.get(reverse("payments:panel", args=[payment.pk]), query)


def test_it_asks_for_the_exact_amount_with_a_bip21_link(client):
    payment = waiting()
    view = payment_view(payment_id=payment.pk)
    assert view.uri == f"bitcoin:{ADDRESS}?amount=0.001&label=Cryptons"
    html = page(client, payment).content.decode()
    assert "Waiting for payment" in html
    assert "0.00100000" in html
    assert "€60.00" in html
    assert f'href="bitcoin:{ADDRESS}?amount=0.001&amp;label=Cryptons"' in html


def test_a_short_payment_is_asked_for_the_rest_alone(client):
    payment = waiting(status="seen", exception="underpaid", received=60_000)
    TransferFactory(payment=payment, amount=60_000)
    view = payment_view(payment_id=payment.pk)
    assert (view.due, view.uri) == (40_000, f"bitcoin:{ADDRESS}?amount=0.0004&label=Cryptons")
    html = page(client, payment).content.decode()
    assert "We received 0.00060000 BTC. Please send the remaining 0.00040000 BTC" in html


@pytest.mark.parametrize(
    ("fields", "transfer", "headline"),
    [
        ({}, {}, "Waiting for payment"),
        ({"status": "seen", "received": 100_000}, {"amount": 100_000}, "Seen, waiting for confirmation 1 of 3"),
        (
            {"status": "seen", "received": 100_000, "confirmations": 2},
            {"amount": 100_000, "confirmations": 2, "state": "confirmed"},
            "Seen, waiting for confirmation 3 of 3",
        ),
        ({"status": "settled", "received": 100_000, "confirmations": 3}, {"amount": 100_000}, "Paid"),
        ({"status": "expired"}, {}, "The time for this payment has run out"),
        ({"status": "expired", "exception": "late", "received": 100_000}, {}, "Your payment arrived after the time ran out"),
        (
            {"status": "expired", "exception": "underpaid", "received": 10},
            {"amount": 10},
            "The time ran out before the full amount arrived",
        ),
        ({"status": "invalid"}, {"state": "conflicted"}, "The payment did not go through"),
    ],
)  # fmt: skip
def test_it_says_in_words_where_the_payment_stands(client, fields, transfer, headline):
    payment = waiting(required_confirmations=3, **fields)
    if transfer:
        TransferFactory(payment=payment, **transfer)
    html = page(client, payment).content.decode()
    assert f'data-headline="{headline}"' in html


def test_too_much_is_said_with_the_amount(client):
    payment = waiting(status="settled", exception="overpaid", received=150_000, confirmations=1)
    TransferFactory(payment=payment, amount=150_000, state="confirmed", confirmations=1)
    assert "You sent 0.00050000 BTC more than needed" in page(client, payment).content.decode()


def test_a_replaced_transaction_is_explained(client):
    payment = waiting()
    TransferFactory(payment=payment, state="replaced")
    assert "was replaced or taken back" in page(client, payment).content.decode()


def test_the_time_that_is_up_is_not_called_expired_before_the_node_was_asked(client):
    payment = waiting(expires_at=clock.now() - timedelta(seconds=1))
    view = payment_view(payment_id=payment.pk)
    assert (view.headline, view.is_final, view.uri) == ("Time is up, checking for your payment", False, "")


def test_it_asks_again_every_two_seconds_until_nothing_more_will_change(client):
    payment = waiting()
    assert 'hx-trigger="every 2s, live-news"' in page(client, payment).content.decode()
    final = waiting_final()
    response = page(client, final)
    assert "hx-trigger" not in response.content.decode()
    assert response["HX-Trigger"] == "payment-final"


def test_an_expired_payment_is_asked_for_seldom_as_late_money_may_still_come(client):
    payment = waiting(status="expired", expires_at=clock.now() - timedelta(minutes=1))
    assert 'hx-trigger="every 30s, live-news"' in page(client, payment).content.decode()


def waiting_final():
    return PaymentFactory(status="settled", received=100_000, confirmations=1)


def test_a_look_that_finds_nothing_new_answers_with_nothing(client):
    payment = waiting()
    state = payment_view(payment_id=payment.pk).fingerprint
    assert page(client, payment, state=state).status_code == 204
    TransferFactory(payment=payment)
    assert page(client, payment, state=state).status_code == 200


def test_the_fingerprint_does_not_change_with_the_clock(time):
    payment = waiting()
    before = payment_view(payment_id=payment.pk).fingerprint
    time.shift(seconds=20)
    assert payment_view(payment_id=payment.pk).fingerprint == before


def test_the_code_is_a_drawing_of_the_link(client):
    payment = waiting()
    response = client.get(reverse("payments:qr", args=[payment.pk]))
    assert response["Content-Type"] == "image/svg+xml"
    assert response.content.startswith(b"<svg")
    assert b"viewBox" in response.content


def test_there_is_no_code_where_nothing_is_to_be_paid(client):
    assert client.get(reverse("payments:qr", args=[waiting_final().pk])).status_code == 404


def test_an_unknown_payment_is_not_here(client):
    for name in ("panel", "qr"):
        assert client.get(reverse(f"payments:{name}", args=["00000000-0000-0000-0000-000000000000"])).status_code == 404


def test_the_play_wallet_is_offered_in_the_sandbox_alone(client, settings):
    payment = waiting()
    assert f"http://127.0.0.1:18480/?uri=bitcoin%3A{ADDRESS}" in page(client, payment).content.decode()
    settings.SANDBOX = False
    assert "18480" not in page(client, payment).content.decode()


def test_node_trouble_is_said_plainly(client, time):
    payment = waiting()
    time.shift(seconds=9)
    assert "cannot see the Bitcoin network" not in page(client, payment).content.decode()
    Watcher.objects.update(last_error="gone", last_error_at=clock.now())
    assert "cannot see the Bitcoin network" in page(client, payment).content.decode()


def test_one_look_that_failed_is_no_trouble_yet(client, time):
    payment = waiting()
    time.shift(seconds=2)
    Watcher.objects.update(last_error="slow", last_error_at=clock.now())
    assert payment_view(payment_id=payment.pk).node_trouble is False


def test_a_watcher_that_fell_silent_is_trouble_too(client, time):
    payment = waiting(created_at=clock.now())
    time.shift(seconds=61)
    assert payment_view(payment_id=payment.pk).node_trouble is True


def test_without_an_address_it_offers_to_try_again_and_does(client, settings):
    payment = PaymentFactory()
    assert "Try again" in page(client, payment).content.decode()
    with serving(rpc({"getnewaddress": ADDRESS})) as server:
        settings.BITCOIN_RPC_URL = server.url
        response = client.post(reverse("payments:retry", args=[payment.pk]), {"next": "/orders/1/pay/?key=x"})
    assert response["Location"] == "/orders/1/pay/?key=x"
    assert PaymentOption.objects.get().address == ADDRESS


def test_trying_again_leads_to_no_foreign_page(client, settings):
    settings.BITCOIN_RPC_URL = "http://127.0.0.1:9"
    payment = PaymentFactory()
    response = client.post(reverse("payments:retry", args=[payment.pk]), {"next": "https://evil.example/"})
    assert response["Location"] == "/"


def test_asking_for_it_costs_few_queries(client, django_assert_max_num_queries):
    payment = waiting()
    with django_assert_max_num_queries(4):
        page(client, payment)
