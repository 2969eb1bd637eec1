"""Staff's view of payments. Everything here is read-only: money and status follow from the chain, decisions go through services."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cryptons.errors import DomainError
from cryptons.long_list import LongList
from cryptons.money import format_btc, format_fiat
from payments import services
from payments.models import Cursor, Payment, PaymentOption, Rate, Transfer, Watcher
from payments.rights import may_decide
from payments.status import PaymentException, PaymentStatus


class ReadOnlyAdmin(LongList, admin.ModelAdmin[Any]):
    """Rows that the store writes and staff reads."""

    actions_on_bottom = True
    key_fields: tuple[str, ...] = ()
    """Where a searched id is looked for, by the index; Django's own search would turn every row's key into text."""

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:
        if not _is_key(search_term):
            return super().get_search_results(request, queryset, search_term)
        key = UUID(search_term.strip())
        return queryset.filter(Q.create([(field, key) for field in self.key_fields], connector=Q.OR)), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def _is_key(typed: str) -> bool:
    try:
        UUID(typed.strip())
    except ValueError:
        return False
    return True


class ReadOnlyInline(admin.TabularInline[Any, Payment]):
    """Rows of a payment, beside it."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class DecisionFilter(admin.SimpleListFilter):
    """Which payments wait for a person."""

    title = "decision"
    parameter_name = "decision"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("short", "Short, time is up"), ("late", "Came too late"), ("over", "Paid too much")]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        chosen = {
            "short": Q(status=PaymentStatus.EXPIRED, exception=PaymentException.UNDERPAID),
            "late": Q(exception=PaymentException.LATE),
            "over": Q(exception=PaymentException.OVERPAID),
        }
        return queryset.filter(chosen.get(self.value() or "", Q()))


class OptionInline(ReadOnlyInline):
    """Where the payment can be paid."""

    model = PaymentOption
    fields = ("method", "address", "created_at")
    readonly_fields = fields


class TransferInline(ReadOnlyInline):
    """What paid it."""

    model = Transfer
    fields = ("transaction", "vout", "amount_btc", "state", "confirmations", "seen_at", "is_final")
    readonly_fields = fields

    @admin.display(description="amount (BTC)")
    def amount_btc(self, row: Transfer) -> str:
        return format_btc(row.amount)

    @admin.display(description="transaction")
    def transaction(self, row: Transfer) -> SafeString | str:
        return transaction_link(row.txid)


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    """Payments, newest first; find one by its id, its address, or a transaction that paid it."""

    list_display = (
        "id",
        "price",
        "amount_btc",
        "received_btc",
        "status",
        "exception",
        "depth",
        "created_at",
        "expires_at",
    )
    list_filter = (DecisionFilter, "status", "exception")
    key_fields = ("pk",)
    search_fields = ("pk",)
    search_help_text = "Payment id, address or transaction id"
    inlines = (OptionInline, TransferInline)
    actions = ("accept", "ask_for_the_rest")

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:
        typed = search_term.strip()
        if not typed or _is_key(typed):
            return super().get_search_results(request, queryset, search_term)
        # By keys, one kind after the other: a database that is asked for either looks at every payment. Neither finds many: an address
        # is of one payment, and no more payments are paid by a transaction than it has outputs.
        there = PaymentOption.objects.filter(address=typed).values_list("payment_id", flat=True)
        by_it = Transfer.objects.filter(txid=typed.lower()).values_list("payment_id", flat=True)
        return queryset.filter(pk__in={*there, *by_it}), False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Return whether this person may decide about money."""
        return may_decide(request.user)

    @admin.display(description="price", ordering="fiat_amount")
    def price(self, payment: Payment) -> str:
        return format_fiat(payment.fiat_amount, payment.currency)

    @admin.display(description="amount (BTC)", ordering="amount")
    def amount_btc(self, payment: Payment) -> str:
        return format_btc(payment.amount)

    @admin.display(description="received (BTC)", ordering="received")
    def received_btc(self, payment: Payment) -> str:
        return format_btc(payment.received)

    @admin.display(description="confirmations", ordering="confirmations")
    def depth(self, payment: Payment) -> str:
        return f"{payment.confirmations}/{payment.required_confirmations}"

    @admin.action(description="Accept what came as enough", permissions=["decide"])
    def accept(self, request: HttpRequest, queryset: "QuerySet[Payment]") -> None:
        self._each(request, queryset, services.accept, "accepted as paid")

    @admin.action(description="Ask for the rest and wait again", permissions=["decide"])
    def ask_for_the_rest(self, request: HttpRequest, queryset: "QuerySet[Payment]") -> None:
        self._each(request, queryset, services.extend, "waiting for the rest")

    def _each(
        self, request: HttpRequest, queryset: "QuerySet[Payment]", step: Callable[..., Payment], done: str
    ) -> None:
        for payment_id in queryset.values_list("pk", flat=True):
            level, text = _tried(request, payment_id, step, done)
            self.message_user(request, text, level)


def _tried(request: HttpRequest, payment_id: UUID, step: Callable[..., Payment], done: str) -> tuple[int, str]:
    try:
        step(payment_id=payment_id, actor=request.user)
    except DomainError as error:
        return messages.WARNING, f"Payment {payment_id}: {error.message}"
    return messages.SUCCESS, f"Payment {payment_id}: {done}."


@admin.register(PaymentOption)
class PaymentOptionAdmin(ReadOnlyAdmin):
    """Where payments can be paid."""

    list_display = ("address", "method", "payment", "created_at")
    fetched = ("payment",)
    key_fields = ("pk", "payment")
    search_fields = ("address__exact",)
    search_help_text = "Address or payment id"


@admin.register(Transfer)
class TransferAdmin(ReadOnlyAdmin):
    """Transaction outputs that paid us."""

    list_display = ("txid", "vout", "amount_btc", "state", "confirmations", "is_final", "seen_at", "payment")
    list_filter = ("state", "is_final")
    fetched = ("payment",)
    key_fields = ("pk", "payment")
    search_fields = ("txid__exact", "address__exact", "replaced_by__exact")
    search_help_text = "Transaction id, address or payment id"

    @admin.display(description="amount (BTC)", ordering="amount")
    def amount_btc(self, row: Transfer) -> str:
        return format_btc(row.amount)


@admin.register(Watcher)
class WatcherAdmin(ReadOnlyAdmin):
    """How the looking goes."""

    list_display = ("coin", "height", "last_ok_at", "last_error", "last_error_at", "leased_until")
    list_filter = ("coin",)
    search_fields = ("coin", "cursor__exact")


@admin.register(Cursor)
class CursorAdmin(ReadOnlyAdmin):
    """Blocks from which the looking could be taken up again."""

    list_display = ("block_hash", "coin", "created_at")
    list_filter = ("coin",)
    search_fields = ("block_hash__exact",)


@admin.register(Rate)
class RateAdmin(ReadOnlyAdmin):
    """The last known prices."""

    list_display = ("pair", "price", "source", "fetched_at")
    list_filter = ("source",)
    search_fields = ("pair",)


def transaction_link(txid: str) -> SafeString | str:
    """Return the transaction's id, leading to the merchant's block explorer where one is set."""
    if not settings.EXPLORER_TX_URL:
        return txid
    return format_html('<a href="{}" rel="noreferrer">{}</a>', settings.EXPLORER_TX_URL.replace("{txid}", txid), txid)
