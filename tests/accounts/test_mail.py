"""E-mails about accounts: queued in the request, written and sent after it."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest

from accounts.models import AccountMail, MailKind
from accounts.tasks import deliver_mail, forget_mail
from cryptons import clock
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def queue(kind, user, **more):
    return AccountMail.objects.create(key=f"{kind}-{more}", kind=kind, to=user.email, user=user, **more)


@pytest.mark.parametrize("kind", MailKind)
def test_each_kind_reads_well_as_text_and_as_html(kind, delivered):
    user = UserFactory(email="o'brien&co@example.org", email_confirmed_at=None)
    user.pending_email = user.email
    user.save()
    queue(kind, user, payload={"new": "new@example.org"})
    (message,) = delivered()
    ((html, mimetype),) = [(part.content, part.mimetype) for part in message.alternatives]
    assert mimetype == "text/html"
    assert message.to == ["o'brien&co@example.org"]
    assert "&amp;" not in message.body
    assert "{" not in message.body + html.partition("</style>")[2]
    assert "o&#x27;brien&amp;co@example.org" in html
    for link in [word for word in message.body.split() if word.startswith("http")]:
        assert link in html


def test_a_name_of_the_store_cannot_break_the_html(delivered, settings):
    settings.SITE_NAME = "<b>Store</b>"
    queue(MailKind.PASSWORD_CHANGED, UserFactory())
    (message,) = delivered()
    assert "<b>Store</b>" in message.body
    assert "<b>Store</b>" not in message.alternatives[0].content


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (MailKind.CONFIRM, {"email_confirmed_at": clock.now()}),
        (MailKind.CONFIRM, {"is_active": False}),
        (MailKind.CONFIRM_CHANGE, {"pending_email": "other@example.org"}),
        (MailKind.RESET, {"is_active": False}),
    ],
)
def test_what_no_longer_makes_sense_is_not_sent(kind, change, delivered):
    user = UserFactory(email_confirmed_at=None)
    type(user).objects.update(**change)
    row = queue(kind, user)
    assert delivered() == []
    row.refresh_from_db()
    assert row.next_attempt_at is None


def test_a_mail_server_that_is_gone_is_tried_again(monkeypatch, mailoutbox):
    row = queue(MailKind.PASSWORD_CHANGED, UserFactory())

    def gone(*args):
        raise SMTPServerDisconnected("gone")

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMultiAlternatives.send", gone)
        assert deliver_mail() == 0
    row.refresh_from_db()
    assert (row.attempts, "gone" in row.last_error) == (1, True)
    later = clock.now() + timedelta(seconds=6)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert deliver_mail() == 1
    assert deliver_mail() == 0
    assert len(mailoutbox) == 1


def test_settled_rows_are_forgotten_after_a_month(monkeypatch, delivered):
    user = UserFactory()
    queue(MailKind.PASSWORD_CHANGED, user)
    delivered()
    waiting = queue(MailKind.PASSWORD_CHANGED, user, payload={"n": 2})
    assert forget_mail() == 0
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert forget_mail() == 1
    assert list(AccountMail.objects.all()) == [waiting]
