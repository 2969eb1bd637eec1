"""How orders are found: filters that answer a question, and a search that knows what was typed."""

import re
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from orders.models import Order, OrderLine, OrderPayment
from orders.numbers import canonical_number
from orders.status import OrderStatus

_TXID = re.compile(r"[0-9a-fA-F]{64}")
WORK = "work"
"""The parameter of `WorkFilter`; under it the oldest order comes first."""


class WorkFilter(admin.SimpleListFilter):
    """What waits for a person."""

    title = "to do"
    parameter_name = WORK

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("ship", "Paid, not shipped, oldest first"), ("decide", "Needs a decision, oldest first")]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        if self.value() == "ship":
            return queryset.filter(status=OrderStatus.PROCESSING)
        return queryset.exclude(attention="") if self.value() == "decide" else queryset


def find(rows: "QuerySet[Order]", typed: str) -> "QuerySet[Order]":
    """Return those of `rows` whose number, buyer, SKU, payment address or transaction is what was typed."""
    typed = typed.strip()
    if not typed:
        return rows
    if _TXID.fullmatch(typed):
        paid = OrderPayment.objects.filter(payment__transfers__txid=typed.lower())
        return rows.filter(pk__in=paid.values("order_id"))
    by_address = OrderPayment.objects.filter(payment__options__address=typed)
    by_sku = OrderLine.objects.filter(sku__iexact=typed)
    found = Q(email__icontains=typed) | Q(full_name__icontains=typed)
    found |= Q(pk__in=by_address.values("order_id")) | Q(pk__in=by_sku.values("order_id"))
    number = canonical_number(typed)
    if number:
        found |= Q(number__startswith=number)
    return rows.filter(found)
