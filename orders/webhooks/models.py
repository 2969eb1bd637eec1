"""Who is told about orders by webhook, what they are told, and each try to do so."""

from django.db import models

from cryptons import clock
from cryptons.db import KeyedModel
from cryptons.outbox import OutboxRow


class WebhookEndpoint(KeyedModel):
    """An address that staff named. `events` are the names it wants, none for all of them.

    `previous_secret` signs too until `previous_until`. `failures` counts how many tries in a row failed, `failing_since` is when that
    began; nothing is sent before `paused_until`. `off_because` tells in words why the store switched it off by itself.
    """

    url = models.CharField("address", max_length=500)
    description = models.CharField(max_length=200, blank=True)
    events = models.JSONField(default=list, blank=True)
    is_active = models.BooleanField("switched on", default=True)
    off_because = models.CharField(max_length=200, blank=True, editable=False)
    secret = models.CharField(max_length=100, editable=False)
    previous_secret = models.CharField(max_length=100, blank=True, editable=False)
    previous_until = models.DateTimeField(null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(null=True, blank=True, editable=False)
    paused_until = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ("created_at",)

    def __str__(self) -> str:
        return self.url

    def wants(self, event: str) -> bool:
        """Return whether `event` is one that this endpoint is told of."""
        return not self.events or event in self.events

    def good_secrets(self) -> list[str]:
        """Return the secrets that sign at present, the newest first."""
        still = self.previous_until is not None and clock.now() < self.previous_until
        return [self.secret, self.previous_secret] if still else [self.secret]


class WebhookDelivery(OutboxRow):
    """One event for one endpoint, with its body as it was then: each try sends the same bytes.

    `event_id` is the same at every endpoint, `sequence` grows with the events of an order. `order` is null for a test. A delivery that
    staff asked for again goes `out_of_turn`: it waits for no other and no other waits for it.

    The database does not insist on the endpoint: one that is deleted while an order is told to it must not fail that order. What is left
    without an endpoint is never sent, and goes with what is old (`orders.webhooks.keeping`).
    """

    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries", db_constraint=False
    )
    order = models.ForeignKey(
        "orders.Order", on_delete=models.CASCADE, null=True, blank=True, related_name="webhook_deliveries"
    )
    event_id = models.UUIDField()
    event = models.CharField(max_length=40)
    sequence = models.PositiveIntegerField(default=0)
    body = models.TextField()
    out_of_turn = models.BooleanField(default=False)
    first_attempt_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        verbose_name = "webhook delivery"
        verbose_name_plural = "webhook deliveries"
        indexes = [
            models.Index(fields=["endpoint", "next_attempt_at"], name="webhook_due"),
            models.Index(fields=["order", "endpoint", "sequence"], name="webhook_of_order"),
            models.Index(fields=["-created_at"], name="webhook_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.event_id}"

    @property
    def state(self) -> str:
        """What became of it, in a word."""
        if self.sent_at:
            return "delivered"
        return "waiting" if self.next_attempt_at else "given up"


class WebhookAttempt(KeyedModel):
    """One try: how long it took, the status that came back or the error, and the beginning of the answer."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="tries")
    number = models.PositiveIntegerField()
    at = models.DateTimeField(default=clock.now)
    milliseconds = models.PositiveIntegerField()
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.number}: {self.status_code or self.error}"
