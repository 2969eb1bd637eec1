from datetime import timedelta

import pytest
from django.core import mail

from cryptons import clock
from orders.links import guest_key
from orders.models import OutboxMessage
from orders.services import ask_for_rest, cancel_order, ship
from orders.tasks import deliver_outbox
from payments.models import Payment
from tests.factories import ProductFactory, StaffFactory, TransferFactory
from tests.orders.steps import payment_for, place, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return place((ProductFactory(name="Tea & mug", price=60), 2))


def sent():
    """Deliver what is due and return the newest mail as (subject, text, HTML)."""
    deliver_outbox()
    message = mail.outbox[-1]
    return message.subject, message.body, message.alternatives[0][0]


def test_the_order_is_confirmed_with_the_link_to_pay(order):
    subject, text, html = sent()
    link = f"http://127.0.0.1:8000/orders/{order.number}/pay/?key={guest_key(order)}"
    assert subject == f"We have your order {order.number} – Cryptons"
    assert mail.outbox[-1].to == ["buyer@example.org"]
    for part in (text, html):
        assert link in part
        assert "0.00200000 BTC for €120.00" in part
        assert "1100-148 Lisbon" in part
    assert "2 × Tea & mug: €120.00" in text
    assert "2 × Tea &amp; mug" in html


def test_a_seen_payment_tells_what_came_and_what_is_missing(order):
    tell(order, "seen", "underpaid", received=150_000)
    _, text, html = sent()
    for part in (text, html):
        assert "payment of 0.00150000 BTC" in part
        assert "0.00050000 BTC are still missing" in part


def test_a_full_payment_misses_nothing(order):
    tell(order, "seen", received=200_000)
    _, text, html = sent()
    assert "missing" not in text + html


def test_a_settled_payment_is_confirmed(order):
    tell(order, "settled", received=200_000)
    subject, text, _ = sent()
    assert subject.startswith(f"Your payment for order {order.number} is confirmed")
    assert "0.00200000 BTC is confirmed" in text


@pytest.mark.parametrize(
    ("status", "words"), [("expired", "was up before a payment came"), ("invalid", "spent in another transaction")]
)
def test_a_dead_payment_is_explained(order, status, words):
    tell(order, status)
    _, text, html = sent()
    assert words in text
    assert words in html


def test_a_payment_that_stayed_short_is_explained(order):
    tell(order, "expired", "underpaid", received=150_000)
    _, text, html = sent()
    for part in (text, html):
        assert "We received 0.00150000 BTC; 0.00050000 BTC are missing." in part


def test_a_payment_that_came_late_is_acknowledged(order):
    tell(order, "expired")
    tell(order, "expired", "late", received=200_000)
    subject, text, _ = sent()
    assert subject.startswith(f"Your payment for order {order.number} came late")
    assert "We received 0.00200000 BTC" in text


def test_the_rest_is_asked_for_with_a_time_and_the_payment_page(order):
    payment = payment_for(order)
    TransferFactory(payment=payment, amount=150_000, state="confirmed", seen_at=payment.created_at)
    Payment.objects.update(expires_at=clock.now() - timedelta(minutes=1))
    tell(order, "expired", "underpaid", received=150_000)
    ask_for_rest(order_id=order.pk, actor=StaffFactory())
    _, text, html = sent()
    until = payment_for(order).expires_at.strftime("%H:%M UTC")
    for part in (text, html):
        assert "0.00050000 BTC are still missing" in part
        assert until in part
        assert f"/orders/{order.number}/pay/?key=" in part


def test_a_shipped_order_has_its_tracking_number(order):
    tell(order, "settled", received=200_000)
    ship(order_id=order.pk, actor=StaffFactory(), tracking_number="RR1234")
    _, text, html = sent()
    assert "The tracking number is RR1234." in text
    assert "The tracking number is RR1234." in html


def test_a_cancelled_order_owes_nothing(order):
    cancel_order(order_id=order.pk, actor=None, reason="Too <slow>")
    _, text, html = sent()
    assert "Reason: Too <slow>" in text
    assert "Reason: Too &lt;slow&gt;" in html
    assert "You owe nothing." in text


def test_each_piece_of_news_leaves_once(order):
    assert (deliver_outbox(), deliver_outbox(), len(mail.outbox)) == (1, 0, 1)
    row = OutboxMessage.objects.get()
    assert row.sent_at is not None
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<{row.pk}@localhost>"


def test_a_mail_server_that_refuses_is_tried_again_later(order, settings):
    settings.EMAIL_BACKEND = "nowhere.Backend"
    assert deliver_outbox() == 0
    row = OutboxMessage.objects.get()
    assert (row.attempts, row.sent_at) == (1, None)
    assert row.next_attempt_at > clock.now()
    assert "nowhere" in row.last_error
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    OutboxMessage.objects.update(next_attempt_at=clock.now())
    assert deliver_outbox() == 1


def test_the_texts_have_no_gaps_and_no_markup(order):
    tell(order, "seen", "underpaid", received=150_000)
    tell(order, "settled", received=200_000)
    ship(order_id=order.pk, actor=StaffFactory(), tracking_number="")
    deliver_outbox()
    assert len(mail.outbox) == 4
    for message in mail.outbox:
        assert "\n\n\n" not in message.body
        assert "<" not in message.body
        assert "{" not in message.body
