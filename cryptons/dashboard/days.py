"""Days of the store, as an address names them."""

import re
from datetime import date
from typing import Any

from rest_framework import serializers

from cryptons import clock
from cryptons.api.fields import Moment

_LOOKS_LIKE_A_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Day(Moment):
    """A day of the store: `2026-03-29`, or a moment (ISO 8601, UTC where it names no offset), which stands for the day it is in there."""

    default_error_messages = {"invalid": "Give a day (YYYY-MM-DD) or a moment (YYYY-MM-DDThh:mm:ssZ)."}

    def to_internal_value(self, value: Any) -> Any:
        """Return the day. Raises ValidationError."""
        if _LOOKS_LIKE_A_DAY.fullmatch(str(value)):
            try:
                return date.fromisoformat(value)
            except ValueError:
                self.fail("invalid")
        moment = super().to_internal_value(value)
        try:
            return clock.day_of(moment)
        except OverflowError as error:
            raise serializers.ValidationError(self.error_messages["overflow"]) from error
