"""How orders are found: filters that answer a question, and a search that knows what was typed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from cryptons.outbox import WAITING
from orders.models import Order, OrderLine, OrderPayment
from orders.numbers import canonical_number
from orders.status import OrderStatus
from shop.search.text import few_keys, has_words

_TXID = re.compile(r"[0-9a-fA-F]{64}")
SEARCHES_ORDERS = "Order number, e-mail address, name, SKU, bitcoin address or transaction id"
SENDING = "sending"
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
        return queryset.filter(attention__gt="") if self.value() == "decide" else queryset


class SendingFilter(admin.SimpleListFilter):
    """What became of what was to be sent."""

    title = "sending"
    parameter_name = SENDING

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "Waits to be sent"), ("again", "Failed, is tried again"), ("over", "Given up")]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        chosen = {
            "waiting": WAITING,
            "again": WAITING & Q(attempts__gt=0),
            "over": Q(next_attempt_at=None, sent_at=None),
        }
        return queryset.filter(chosen.get(self.value() or "", Q()))


def find(rows: "QuerySet[Order]", typed: str, *, newest_first: bool = True) -> "QuerySet[Order]":
    """Return those of `rows`, which are sorted by time, that are found by what was typed.

    A transaction, a whole number or a whole e-mail address is alone what was meant. Anything else may be of several kinds at once: a
    payment address, a SKU, parts of a name or an e-mail address, the beginning of a number. One kind is looked for after the other, as a
    database that is asked for any of them at once looks at every order. What no more than `FEW` have is from then on named by keys.
    """
    typed = typed.strip()
    if not typed:
        return rows
    if _TXID.fullmatch(typed):
        paid = OrderPayment.objects.filter(payment__transfers__txid=typed.lower())
        return rows.filter(pk__in=paid.values("order_id"))
    number = canonical_number(typed)
    whole = rows.filter(Q(email=typed.lower()) | Q(number=number))
    return whole if whole.exists() else _of_any_kind(rows, typed, number, newest_first)


def of_orders(rows: "QuerySet[Any]", typed: str) -> "QuerySet[Any]":
    """Return those of `rows`, which belong to orders, whose order is among the newest 500 that `find` finds."""
    if not typed.strip():
        return rows
    # Named one by one, so that the database begins with them and not with all rows in their order.
    return rows.filter(
        order__in=list(find(Order.objects.order_by("-created_at"), typed).values_list("pk", flat=True)[:500])
    )


def _of_any_kind(rows: "QuerySet[Order]", typed: str, number: str, newest_first: bool) -> "QuerySet[Order]":
    keys: set[UUID] = set()
    many: list[_Kind] = []
    for kind in _kinds(typed, number):
        some = few_keys(rows.filter(kind.condition))
        if some is None:
            many.append(kind)
        else:
            keys.update(some)
    found = rows.filter(reduce(or_, [kind.condition for kind in many], Q(pk__in=keys)))
    if many and all(kind.is_by_key for kind in many):
        # Keys sort by time (UUID 7, RFC 9562), so none of very many orders has to be read to be sorted.
        return found.order_by("-pk" if newest_first else "pk")
    return found


@dataclass(frozen=True, slots=True)
class _Kind:
    """What makes an order one that is found. `is_by_key`: another table names it by its key."""

    condition: Q
    is_by_key: bool = False


def _kinds(typed: str, number: str) -> Iterator[_Kind]:
    paid = OrderPayment.objects.filter(payment__options__address=typed)
    yield _Kind(Q(pk__in=paid.values("order_id")), is_by_key=True)
    bought = OrderLine.objects.filter(sku__in={typed, typed.upper(), typed.lower()})
    yield _Kind(Q(pk__in=bought.values("order_id")), is_by_key=True)
    yield _Kind(has_words(typed))
    if number:
        yield _Kind(Q(number__startswith=number))
