"""Writes and sends one piece of news from the outbox to the buyer, as text and as HTML."""

from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.dateparse import parse_datetime

from orders.links import guest_url
from orders.models import OutboxMessage
from orders.selectors import payment_of

SUBJECTS = {
    "received": "We have your order {number}",
    "payment-seen": "We see your payment for order {number}",
    "payment-short": "Your payment for order {number} is not complete",
    "payment-late": "Your payment for order {number} came late",
    "rest-asked": "Please send the rest for order {number}",
    "payment-confirmed": "Your payment for order {number} is confirmed",
    "expired": "Order {number} has expired",
    "invalid": "Order {number} is cancelled: the payment became void",
    "shipped": "Order {number} is on its way",
    "cancelled": "Order {number} is cancelled",
}
"""What is told by e-mail, by topic."""


def send(message: OutboxMessage) -> None:
    """Send the e-mail of one outbox row. Raises what the mail backend raises; the outbox tries again then.

    The message id is the row's own: a mail server that gets the same message twice, because the first answer was lost, can tell.
    """
    context = _context(message)
    template = f"orders/email/{message.topic.replace('-', '_')}"
    mail = EmailMultiAlternatives(
        subject=f"{context['subject']} – {settings.SITE_NAME}",
        body=render_to_string(f"{template}.txt", context),
        to=[message.order.email],
        headers={"Message-ID": _message_id(message), "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    mail.send()


def _context(message: OutboxMessage) -> dict[str, Any]:
    """Return what the templates may use; amounts as they were when the news was written."""
    order = message.order
    return {
        "subject": SUBJECTS[message.topic].format(number=order.number),
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "to": order.email,
        "order": order,
        "lines": list(order.lines.all()),
        "payment": payment_of(order=order),
        "link": guest_url(order),
        "pay_link": guest_url(order, "pay"),
        **message.payload,
        "until": parse_datetime(message.payload.get("until", "")),
    }


def _message_id(message: OutboxMessage) -> str:
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{message.pk}@{host}>"
