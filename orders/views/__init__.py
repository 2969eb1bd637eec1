"""The orders pages."""

from orders.views.checkout_page import checkout
from orders.views.events import events
from orders.views.history_page import history
from orders.views.order_pages import buy_again, cancel, make_account, order_page, pay

__all__ = ["buy_again", "cancel", "checkout", "events", "history", "make_account", "order_page", "pay"]
