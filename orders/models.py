"""Orders: what was bought at which price, what happened since, and what has to be told to whom."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse

from accounts.postal import PostalAddress
from cryptons import clock
from cryptons.db import KeyedModel
from cryptons.outbox import OutboxRow
from orders.payment_status import OrderPaymentStatus
from orders.status import OrderStatus
from orders.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from payments.models import Payment
from shop.models import Product
from shop.search.text import Spelled, text_of

__all__ = [
    "MOST_PIECES",
    "SLOTS",
    "DaySales",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderPayment",
    "OutboxMessage",
    "ProductSales",
    "SalesMark",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
]

MOST_PIECES = 10_000
"""How many pieces of one product an order takes."""
SLOTS = 16
"""Into how many shares products are divided where very many are added up (`ProductSales.slot`)."""


class Order(KeyedModel, PostalAddress, Spelled):
    """A purchase. `number` is random and what people see; `checkout_key` makes a second try of one checkout find the first's order.

    `stock_held` tells whether this order's pieces are taken out of stock; clearing it by a guarded update is what gives the right
    to put them back, so that they return once. `placed_from` is a keyed hash of the buyer's network address
    (`orders.services.holding`). `attention` says in words why staff should look ("" for no reason).
    `payment_status` is what `orders.payment_status` calls the payment's state. `webhook_sequence` is the number of the last event that
    endpoints were told of.
    """

    number = models.CharField(max_length=20, unique=True, editable=False)
    checkout_key = models.CharField(max_length=64, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="orders"
    )
    email = models.EmailField("e-mail address")
    note = models.CharField("note from the buyer", max_length=500, blank=True)
    currency = models.CharField(max_length=3)
    total = models.DecimalField(max_digits=14, decimal_places=3)
    status = models.CharField(max_length=12, choices=OrderStatus, default=OrderStatus.PENDING)
    payment_status = models.CharField(
        max_length=12, choices=OrderPaymentStatus, default=OrderPaymentStatus.UNPAID, editable=False
    )
    stock_held = models.BooleanField(default=False, editable=False)
    attention = models.CharField(max_length=200, blank=True)
    tracking_number = models.CharField(max_length=120, blank=True)
    webhook_sequence = models.PositiveIntegerField(default=0, editable=False)
    placed_from = models.CharField(max_length=32, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now, editable=False)

    spelled_from: ClassVar = frozenset({"full_name", "email"})

    class Meta:
        ordering = ("-created_at",)
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="order_newest"),
            models.Index(fields=["status", "-created_at", "-id"], name="order_status_newest"),
            models.Index(fields=["user", "-created_at"], name="order_of_user"),
            models.Index(fields=["email"], name="order_email"),
            # Not by status first: SQLite would take it for lists of a status, which have a better one.
            models.Index(fields=["stock_held", "status", "id"], name="order_holding_stock"),
            models.Index(fields=["payment_status", "-created_at", "-id"], name="order_payment_newest"),
            models.Index(fields=["attention", "created_at"], name="order_attention"),
            models.Index(fields=["placed_from", "status"], name="order_placed_from"),
            models.Index(fields=["updated_at"], name="order_written"),
            models.Index(fields=["search_text", "created_at", "id"], name="order_by_words"),
        ]

    def __str__(self) -> str:
        return self.number

    def spelled(self) -> str:
        """Return the words of the buyer's name and e-mail address."""
        return text_of(self.full_name, self.email)

    def get_absolute_url(self) -> str:
        """Return the order's page (for its owner; a guest needs the signed link of `orders.links`)."""
        return reverse("orders:order", args=[self.number])


class OrderLine(KeyedModel):
    """One product of an order as it was when bought: its name, SKU and price stay whatever becomes of the product."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.SET_NULL, null=True, related_name="order_lines")
    name = models.CharField(max_length=160)
    sku = models.CharField("SKU", max_length=40)
    unit_price = models.DecimalField(max_digits=14, decimal_places=3)
    quantity = models.PositiveIntegerField()
    line_total = models.DecimalField(max_digits=14, decimal_places=3)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position",)
        constraints = [models.UniqueConstraint(fields=["order", "product"], name="order_line_once")]
        indexes = [models.Index(fields=["sku", "order"], name="order_line_sku_order")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name}"


class OrderPayment(KeyedModel):
    """The link between an order and a payment it asked for. It lives here, so that payments never name an order."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="payment_links")
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="order_link")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.order_id} → {self.payment_id}"


class OrderEvent(KeyedModel):
    """Something that happened to an order: the timeline its owner sees, and the record staff can trace."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=40)
    from_status = models.CharField(max_length=12, blank=True)
    to_status = models.CharField(max_length=12, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    message = models.CharField(max_length=300)
    is_public = models.BooleanField("shown to the buyer", default=True)
    data = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ("created_at", "id")
        indexes = [models.Index(fields=["order", "created_at"], name="order_event_time")]

    def __str__(self) -> str:
        return self.message


class DaySales(KeyedModel):
    """What was earned with the orders of one day, coin and way of paying: sums that only `orders.services.adding_up` writes.

    `day` is one of the time zone `zone`. `revenue` in thousandths of `currency`, so that every database adds it up exactly. `coin` and
    `method` are "" for orders that count without a payment, which only a hand can make.
    """

    zone = models.CharField(max_length=64)
    day = models.DateField()
    currency = models.CharField(max_length=3)
    coin = models.CharField(max_length=8, blank=True)
    method = models.CharField(max_length=20, blank=True)
    orders = models.PositiveIntegerField()
    revenue = models.BigIntegerField()

    class Meta:
        ordering = ("day",)
        constraints = [models.UniqueConstraint(fields=["day", "currency", "coin", "method"], name="day_sales_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.currency}"


class ProductSales(KeyedModel):
    """How much of one product was sold on one day; belongs to `DaySales`.

    `slot`, from 0 to SLOTS - 1, divides the products evenly, so that the best of very many are found in small steps.
    """

    slot = models.PositiveSmallIntegerField()
    day = models.DateField()
    currency = models.CharField(max_length=3)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    revenue = models.BigIntegerField()

    class Meta:
        ordering = ("day",)
        constraints = [models.UniqueConstraint(fields=["day", "currency", "product"], name="product_sales_once")]
        indexes = [
            models.Index(
                fields=["slot", "currency", "day", "product", "revenue", "quantity"], name="product_sales_best"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.product_id}"


class SalesMark(KeyedModel):
    """A day whose sales have to be added up anew: written with each move that makes an order count, or count no more."""

    day = models.DateField(db_index=True)

    def __str__(self) -> str:
        return str(self.day)


class OutboxMessage(OutboxRow):
    """Something to be told to the outside about an order (`cryptons.outbox` says how it is sent)."""

    topic = models.CharField(max_length=40)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="outbox")
    payload = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("created_at", "id")
        indexes = [models.Index(fields=["next_attempt_at", "sent_at"], name="outbox_sending")]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"
