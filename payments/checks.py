"""System checks of the payments: what is wrong is told at the start, with a hint, not at the first sale."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register

from payments.seam import listener


@register()
def listener_imports(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report a `PAYMENT_LISTENER` that cannot be imported: without it paid orders would never move."""
    try:
        listener()
    except ImportError as error:
        return [
            Error(
                str(error),
                hint="PAYMENT_LISTENER names the function that hears of payments.",
                id="payments.E001",
            )
        ]
    return []
