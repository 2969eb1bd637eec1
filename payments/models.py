"""Payments as the store asked for them, and transfers as the chain shows them."""

from django.db import models

from cryptons import clock
from cryptons.db import KeyedModel
from payments.status import PaymentException, PaymentStatus


class Payment(KeyedModel):
    """One price to be paid. Amounts in `coin`'s smallest unit (satoshi); `rate` is fiat for one coin, locked until `expires_at`.

    `watch_at` is when the watcher has to look at this payment even if the node tells nothing new: the expiry of one that waits,
    the beginning of time for one whose transfers are not final, null for one that nothing but new money can change.
    `version` grows with each write; every write names the version it read.
    """

    coin = models.CharField(max_length=8, default="BTC")
    fiat_amount = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=24, decimal_places=8)
    rate_source = models.CharField(max_length=40)
    rate_at = models.DateTimeField()
    amount = models.BigIntegerField()
    tolerance = models.BigIntegerField(default=0)
    required_confirmations = models.PositiveIntegerField()
    expires_at = models.DateTimeField()

    status = models.CharField(max_length=12, choices=PaymentStatus, default=PaymentStatus.NEW)
    exception = models.CharField(max_length=12, choices=PaymentException, blank=True, default="")
    received = models.BigIntegerField(default=0)
    confirmations = models.IntegerField(default=0)
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    accepted_amount = models.BigIntegerField(default=0, editable=False)
    watch_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ("-created_at",)
        indexes = [
            models.Index(fields=["coin", "watch_at"], name="payment_watch"),
            models.Index(fields=["status", "-id"], name="payment_status_newest"),
            models.Index(fields=["exception", "-id"], name="payment_exception_newest"),
            models.Index(fields=["updated_at"], name="payment_written"),
        ]

    def __str__(self) -> str:
        return f"{self.coin} payment {self.id}"


class PaymentOption(KeyedModel):
    """One way to pay a payment: for `onchain`, an address made for this payment alone and never used again."""

    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="options")
    method = models.CharField(max_length=20)
    address = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ("created_at",)
        constraints = [models.UniqueConstraint(fields=["payment", "method"], name="payment_option_once")]

    def __str__(self) -> str:
        return self.address


class TransferState(models.TextChoices):
    """What became of an output that paid us."""

    PENDING = "pending", "In the mempool"
    CONFIRMED = "confirmed", "In a block"
    REPLACED = "replaced", "Replaced by another transaction"
    CONFLICTED = "conflicted", "Spent otherwise in a block"
    MISSING = "missing", "Not in the mempool"


class Transfer(KeyedModel):
    """One transaction output that pays one of our addresses, as last seen. `amount` in satoshi.

    `updated_at` is since when it is as it is.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="transfers")
    coin = models.CharField(max_length=8, default="BTC")
    txid = models.CharField(max_length=64)
    vout = models.PositiveIntegerField()
    address = models.CharField(max_length=120)
    amount = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=TransferState, default=TransferState.PENDING)
    confirmations = models.IntegerField(default=0)
    block_hash = models.CharField(max_length=64, blank=True)
    replaced_by = models.CharField(max_length=64, blank=True)
    seen_at = models.DateTimeField()
    is_final = models.BooleanField(default=False)
    updated_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ("seen_at", "txid", "vout")
        constraints = [models.UniqueConstraint(fields=["coin", "txid", "vout"], name="transfer_outpoint")]
        indexes = [
            models.Index(fields=["coin", "is_final"], name="transfer_open"),
            models.Index(fields=["txid"], name="transfer_txid"),
        ]

    def __str__(self) -> str:
        return f"{self.txid}:{self.vout}"


class Watcher(models.Model):
    """Where the watching of one coin stands: the cursor, and the lease of whoever is looking right now."""

    coin = models.CharField(max_length=8, primary_key=True)
    cursor = models.CharField(max_length=64, blank=True)
    height = models.IntegerField(default=0)
    leased_by = models.CharField(max_length=64, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    last_ok_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    last_error_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.coin} watcher"


class Cursor(KeyedModel):
    """An earlier cursor, kept so that one that the node no longer knows can be replaced by an older one."""

    coin = models.CharField(max_length=8)
    block_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ("-created_at",)
        constraints = [models.UniqueConstraint(fields=["coin", "block_hash"], name="cursor_once")]

    def __str__(self) -> str:
        return self.block_hash


class Rate(models.Model):
    """The last known price of one coin in one currency, with its source."""

    pair = models.CharField(max_length=12, primary_key=True)
    price = models.DecimalField(max_digits=24, decimal_places=8)
    source = models.CharField(max_length=40)
    fetched_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pair} {self.price}"
