"""The steps staff can take with orders. Each asks once, calls one service per order, and says what became of each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from cryptons.chosen import first_of
from cryptons.errors import DomainError
from orders import services
from orders.admin.actors import actor_of
from orders.models import Order
from orders.status import OrderStatus


@dataclass(frozen=True, slots=True)
class Decision:
    """One step: its name, what it says before and after, the words it asks for with each order ("" for none), and its service.

    `fits` are the statuses in which it may make sense, for the buttons of one order; the service decides in the end.
    """

    name: str
    label: str
    warning: str
    done: str
    asks: str
    fits: frozenset[OrderStatus]
    run: Callable[[Order, User, str], Any]


DECISIONS = (
    Decision(
        "ship",
        "Ship",
        "The buyer is told that the parcel is on its way.",
        "shipped",
        "Tracking number",
        frozenset({OrderStatus.PROCESSING}),
        lambda order, actor, words: services.ship(order_id=order.pk, actor=actor, tracking_number=words),
    ),
    Decision(
        "deliver",
        "Mark as delivered",
        "The order is then complete.",
        "delivered",
        "",
        frozenset({OrderStatus.SHIPPED}),
        lambda order, actor, words: services.deliver(order_id=order.pk, actor=actor),
    ),
    Decision(
        "accept_payment",
        "Accept the payment as it is",
        "What came is taken as enough. A cancelled order takes its pieces out of stock again.",
        "taken up with the payment as it is",
        "",
        frozenset({OrderStatus.PENDING, OrderStatus.CANCELLED}),
        lambda order, actor, words: services.accept_payment(order_id=order.pk, actor=actor),
    ),
    Decision(
        "ask_for_rest",
        "Ask for the rest",
        "The payment waits once more, at the price that was agreed.",
        "waiting for the rest",
        "",
        frozenset({OrderStatus.PENDING}),
        lambda order, actor, words: services.ask_for_rest(order_id=order.pk, actor=actor),
    ),
    Decision(
        "cancel_order",
        "Cancel",
        "The pieces go back into stock and the buyer is told. Money that came has to be sent back by hand.",
        "cancelled",
        "Reason, for the buyer to read",
        frozenset({OrderStatus.PENDING, OrderStatus.PROCESSING}),
        lambda order, actor, words: services.cancel_order(order_id=order.pk, actor=actor, reason=words),
    ),
    Decision(
        "clear_attention",
        "Mark as handled",
        "The note for staff goes away until the payment changes again.",
        "handled",
        "",
        frozenset(OrderStatus),
        lambda order, actor, words: services.clear_attention(order_id=order.pk, actor=actor),
    ),
)


def decisions_for(order: Order) -> list[Decision]:
    """Return the steps that may be next for this order."""
    return [
        decision
        for decision in DECISIONS
        if order.status in decision.fits and (order.attention or decision.name != "clear_attention")
    ]


def action_for(decision: Decision) -> Callable[[Any, HttpRequest, "QuerySet[Order]"], HttpResponse | None]:
    """Return the admin action that asks once and then takes the step with each chosen order."""

    def action(model_admin: Any, request: HttpRequest, chosen: "QuerySet[Order]") -> HttpResponse | None:
        chosen = first_of(request, chosen)
        if request.POST.get("confirmed") != decision.name:
            return _ask(model_admin, request, decision, chosen)
        for order in chosen.order_by("created_at"):
            _take(request, decision, order)
        return None

    action.__name__ = decision.name
    return admin.action(action, description=decision.label, permissions=["change"])


def _ask(model_admin: Any, request: HttpRequest, decision: Decision, chosen: "QuerySet[Order]") -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": decision.label,
        "decision": decision,
        "orders": chosen.order_by("created_at"),
        "checkbox": ACTION_CHECKBOX_NAME,
        "opts": Order._meta,
    }
    return render(request, "admin/orders/decide.html", context)


def _take(request: HttpRequest, decision: Decision, order: Order) -> None:
    words = request.POST.get(f"words-{order.pk}", "").strip()
    try:
        decision.run(order, actor_of(request), words)
    except DomainError as error:
        messages.error(request, f"{order.number}: {error.message}")
    else:
        messages.success(request, f"{order.number} is {decision.done}.")
