from datetime import UTC, datetime, timedelta
from threading import Barrier, Lock, Thread

import pytest
from django.db import connection

from accounts.models import AccountMail, MailKind
from cryptons import clock, outbox

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch):
    def set_clock(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_clock(NOON)
    return set_clock


def news(key="one", **fields):
    return AccountMail.objects.create(
        **{"key": key, "kind": MailKind.CONFIRM, "to": "a@example.org", "created_at": NOON, "next_attempt_at": NOON}
        | fields
    )


def refuse(row):
    raise ConnectionError("the mail server is away")


@pytest.mark.django_db
def test_due_news_is_sent_once_and_never_again(at):
    news()
    sent = []
    assert outbox.deliver_due(AccountMail, sent.append) == outbox.Delivery(sent=1)
    assert outbox.deliver_due(AccountMail, sent.append) == outbox.Delivery()
    row = AccountMail.objects.get()
    assert [row.pk for row in sent] == [row.pk]
    assert (row.sent_at, row.next_attempt_at, row.attempts) == (NOON, None, 1)


@pytest.mark.django_db
def test_what_is_not_due_waits(at):
    news(next_attempt_at=NOON + timedelta(seconds=1))
    assert outbox.deliver_due(AccountMail, refuse) == outbox.Delivery()


@pytest.mark.django_db
def test_a_failure_is_noted_and_tried_again_later(at):
    news()
    assert outbox.deliver_due(AccountMail, refuse) == outbox.Delivery(failed=1)
    row = AccountMail.objects.get()
    assert row.next_attempt_at == NOON + timedelta(seconds=5)
    assert "the mail server is away" in row.last_error
    at(NOON + timedelta(seconds=5))
    assert outbox.deliver_due(AccountMail, lambda row: None) == outbox.Delivery(sent=1)
    assert AccountMail.objects.get().last_error == ""


@pytest.mark.django_db
def test_of_two_workers_that_read_the_same_row_one_sends_it(at):
    row = news()
    late = AccountMail.objects.get(pk=row.pk)
    assert outbox.claim(row)
    assert not outbox.claim(late)
    assert AccountMail.objects.get().attempts == 1


@pytest.mark.django_db
def test_one_failure_holds_up_nobody(at):
    news("bad")
    news("good", next_attempt_at=NOON - timedelta(seconds=1))

    def send(row):
        if row.key == "bad":
            refuse(row)

    assert outbox.deliver_due(AccountMail, send) == outbox.Delivery(sent=1, failed=1)


@pytest.mark.django_db
def test_the_oldest_go_first_and_no_more_than_the_limit(at):
    for age in (1, 3, 2):
        news(str(age), next_attempt_at=NOON - timedelta(minutes=age))
    sent = []
    outbox.deliver_due(AccountMail, lambda row: sent.append(row.key), limit=2)
    assert sent == ["3", "2"]


@pytest.mark.django_db
def test_after_three_days_it_gives_up(at):
    news(created_at=NOON - outbox.GIVE_UP_AFTER - timedelta(seconds=1))
    outbox.deliver_due(AccountMail, refuse)
    assert AccountMail.objects.get().next_attempt_at is None


@pytest.mark.django_db
def test_news_whose_worker_died_falls_due_again_after_the_lease(at):
    news()

    def die(row):
        raise SystemExit

    with pytest.raises(SystemExit):
        outbox.deliver_due(AccountMail, die)
    assert outbox.deliver_due(AccountMail, refuse) == outbox.Delivery()
    at(NOON + outbox.LEASE)
    assert outbox.deliver_due(AccountMail, lambda row: None) == outbox.Delivery(sent=1)


@pytest.mark.django_db
def test_sent_news_can_be_sent_again(at):
    row = news(sent_at=NOON, next_attempt_at=None)
    outbox.send_again(row)
    assert outbox.deliver_due(AccountMail, lambda row: None) == outbox.Delivery(sent=1)


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_sends(at):
    news()
    sent, lock, gate = [], Lock(), Barrier(8)

    def send(row):
        with lock:
            sent.append(row.pk)

    def work():
        gate.wait()
        outbox.deliver_due(AccountMail, send)
        connection.close()

    workers = [Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(sent) == 1


@pytest.mark.django_db
def test_a_worker_that_is_to_stop_begins_no_letter_more(at, monkeypatch):
    for key in "abc":
        news(key)
    sent = []
    monkeypatch.setattr(outbox, "is_stopping", lambda: len(sent) == 2)
    assert outbox.deliver_due(AccountMail, sent.append) == outbox.Delivery(sent=2)
    assert AccountMail.objects.filter(attempts=0, next_attempt_at=NOON).count() == 1


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 5), (1, 5), (2, 10), (3, 20), (10, 2560), (11, 3600), (1000, 3600)]
)
def test_waiting_doubles_up_to_an_hour(attempts, seconds):
    assert outbox.wait_after(attempts) == timedelta(seconds=seconds)
