"""What can be done with orders. Views, admin actions, tasks and commands call these and nothing below them."""

from orders.services.adding_up import Recount, add_up_sales, recount_sales
from orders.services.attaching import attach_guest_orders
from orders.services.decisions import accept_payment, ask_for_rest, cancel_order, clear_attention, deliver, ship
from orders.services.following import follow_payment
from orders.services.ordering import order_by_account
from orders.services.paying import ask_where_to_pay
from orders.services.placing import LineRequest, Placed, PriceChanged, place_order
from orders.services.steps import set_status
from orders.services.sweeping import SweepReport, sweep

__all__ = [
    "LineRequest",
    "Placed",
    "PriceChanged",
    "Recount",
    "SweepReport",
    "accept_payment",
    "add_up_sales",
    "ask_for_rest",
    "ask_where_to_pay",
    "attach_guest_orders",
    "cancel_order",
    "clear_attention",
    "deliver",
    "follow_payment",
    "order_by_account",
    "place_order",
    "recount_sales",
    "set_status",
    "ship",
    "sweep",
]
