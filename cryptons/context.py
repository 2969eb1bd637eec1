"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def store(request: HttpRequest) -> dict[str, object]:
    """Return the store's name and currency."""
    return {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, "currency": settings.CURRENCY}
