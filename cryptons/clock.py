"""The one place where the store reads the time, so that a test can set it, and where it knows its days."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return timezone.now()


def day_of(moment: datetime) -> date:
    """Return the day that `moment` (aware) belongs to in the store's time zone (TIME_ZONE)."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def start_of(day: date) -> datetime:
    """Return, in UTC, the first moment of `day` in the store's time zone, also where that day has 23 or 25 hours or no midnight."""
    # PEP 495: fold=0 is the first of two midnights, and for one that is left out the moment of the change itself.
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)
