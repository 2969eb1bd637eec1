"""Background work of the webhooks. `orders.tasks` brings it to the workers."""

from celery import shared_task

from orders.webhooks import delivering, keeping


@shared_task(name="orders.tasks.deliver_webhooks")
def deliver_webhooks() -> int:
    """Begin to send what is due, beside this worker's other tasks; return to how many endpoints."""
    return len(delivering.start_round())


@shared_task(name="orders.tasks.forget_webhooks")
def forget_webhooks() -> int:
    """Delete what was settled a month ago; return how many deliveries."""
    return keeping.forget_old()
