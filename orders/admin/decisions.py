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
from cryptons.errors import DomainError
from orders import services
from orders.models import Order


@dataclass(frozen=True, slots=True)
class Decision:
    """One step: its name, what it says before and after, the words it asks for with each order ("" for none), and its service."""

    name: str
    label: str
    warning: str
    done: str
    asks: str
    run: Callable[[Order, User, str], Any]


DECISIONS = (
    Decision(
        "ship",
        "Ship",
        "The buyer is told that the parcel is on its way.",
        "shipped",
        "Tracking number",
        lambda order, actor, words: services.ship(order_id=order.pk, actor=actor, tracking_number=words),
    ),
    Decision(
        "deliver",
        "Mark as delivered",
        "The order is then complete.",
        "delivered",
        "",
        lambda order, actor, words: services.deliver(order_id=order.pk, actor=actor),
    ),
    Decision(
        "accept_payment",
        "Accept the payment as it is",
        "What came is taken as enough. A cancelled order takes its pieces out of stock again.",
        "taken up with the payment as it is",
        "",
        lambda order, actor, words: services.accept_payment(order_id=order.pk, actor=actor),
    ),
    Decision(
        "ask_for_rest",
        "Ask for the rest",
        "The payment waits once more, at the price that was agreed.",
        "waiting for the rest",
        "",
        lambda order, actor, words: services.ask_for_rest(order_id=order.pk, actor=actor),
    ),
    Decision(
        "cancel_order",
        "Cancel",
        "The pieces go back into stock and the buyer is told. Money that came has to be sent back by hand.",
        "cancelled",
        "Reason, for the buyer to read",
        lambda order, actor, words: services.cancel_order(order_id=order.pk, actor=actor, reason=words),
    ),
    Decision(
        "clear_attention",
        "Mark as handled",
        "The note for staff goes away until the payment changes again.",
        "handled",
        "",
        lambda order, actor, words: services.clear_attention(order_id=order.pk, actor=actor),
    ),
)


def action_for(decision: Decision) -> Callable[[Any, HttpRequest, "QuerySet[Order]"], HttpResponse | None]:
    """Return the admin action that asks once and then takes the step with each chosen order."""

    def action(model_admin: Any, request: HttpRequest, chosen: "QuerySet[Order]") -> HttpResponse | None:
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
    assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in; this tells the type checker
    words = request.POST.get(f"words-{order.pk}", "").strip()
    try:
        decision.run(order, request.user, words)
    except DomainError as error:
        messages.error(request, f"{order.number}: {error.message}")
    else:
        messages.success(request, f"{order.number} is {decision.done}.")
