"""Background work of the accounts. No task carries state: each looks into the database for what is due."""

from datetime import timedelta

from celery import shared_task
from django.core.management import call_command
from django.db.models import Q

from accounts.mails import send
from accounts.models import AccountMail, ApiSession
from cryptons import clock
from cryptons.alone import alone
from cryptons.outbox import deliver_due

KEEP_MAIL = timedelta(days=30)
KEEP_SESSIONS = timedelta(days=7)


@shared_task(name="accounts.tasks.deliver_mail")
@alone
def deliver_mail() -> int:
    """Send the queued e-mails that are due; return how many left."""
    return deliver_due(AccountMail, send).sent


@shared_task(name="accounts.tasks.forget_mail")
def forget_mail() -> int:
    """Delete what was settled a month ago: the queue also holds addresses that people mistyped; return how many."""
    old = AccountMail.objects.filter(next_attempt_at=None, created_at__lt=clock.now() - KEEP_MAIL)
    return old.delete()[0]


@shared_task(name="accounts.tasks.forget_sessions")
def forget_sessions() -> None:
    """Delete sessions that have run out; Django leaves their rows behind."""
    call_command("clearsessions")


@shared_task(name="accounts.tasks.forget_devices")
def forget_devices() -> int:
    """Delete the API's sessions that ended or expired a week ago, with the devices' names in them; return how many."""
    past = clock.now() - KEEP_SESSIONS
    return ApiSession.objects.filter(Q(ended_at__lt=past) | Q(expires_at__lt=past)).delete()[0]
