"""Background work of the shop. It carries no state: it looks into the database for what is due."""

from celery import shared_task

from shop import wishlist


@shared_task(name="shop.tasks.tell_what_is_back")
def tell_what_is_back() -> int:
    """Note what on wishlists is sold out, and tell those who waited for what is not any more; return how many were told."""
    wishlist.note_what_is_gone()
    return wishlist.tell_what_is_back()
