"""Background work of the orders. No task carries state: each looks into the database for what is due."""

from celery import shared_task

from cryptons.alone import alone
from cryptons.outbox import deliver_due
from orders import services
from orders.mails import send
from orders.models import OutboxMessage
from orders.webhooks.tasks import deliver_webhooks, forget_webhooks

__all__ = ["deliver_outbox", "deliver_webhooks", "forget_webhooks", "sweep"]


@shared_task(name="orders.tasks.deliver_outbox")
@alone
def deliver_outbox() -> int:
    """Send the e-mails that are due; return how many left."""
    return deliver_due(OutboxMessage, send).sent


@shared_task(name="orders.tasks.add_up_sales")
@alone
def add_up_sales() -> None:
    """Bring the sums of the days up to date."""
    services.add_up_sales()


@shared_task(name="orders.tasks.sweep")
@alone
def sweep() -> None:
    """Finish or undo what a crash left half done."""
    services.sweep()
