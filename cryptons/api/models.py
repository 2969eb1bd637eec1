"""What the API remembers of requests."""

from django.conf import settings
from django.db import models

from cryptons import clock
from cryptons.db import KeyedModel


class IdempotencyRecord(KeyedModel):
    """A request with an `Idempotency-Key`, and its answer once there is one.

    `fingerprint` is the SHA-256 of method, path and body. `status` is null while the request is worked on; `claimed_at` is when that
    began, so that a request whose process died can be taken up again.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    claimed_at = models.DateTimeField(default=clock.now)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return f"{self.key}: {self.status or 'in progress'}"


class Tally(KeyedModel):
    """How often somebody tried something within a window that ends at `until` (`cryptons.api.tries`). Its key says who, to us alone."""

    used = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.used} until {self.until}"
