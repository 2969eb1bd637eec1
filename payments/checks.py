"""System checks of the payments: what is wrong is told at the start, with a hint, not at the first sale."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from payments.methods import PaymentMethod, methods
from payments.rates.sources import SOURCES
from payments.seam import listener

_METHOD_PARTS = ("name", "coin", "make_address", "uri")


@register()
def listener_imports(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report a `PAYMENT_LISTENER` that cannot be imported or called: without it paid orders would never move."""
    hint = "PAYMENT_LISTENER names the function that hears of payments."
    try:
        hears: object = listener()
    except ImportError as error:
        return [Error(str(error), hint=hint, id="payments.E001")]
    if not callable(hears):
        return [Error("PAYMENT_LISTENER names something that cannot be called.", hint=hint, id="payments.E001")]
    return []


@register()
def methods_import(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report `PAYMENT_METHODS` that are missing, cannot be imported, are no payment methods, or share a name."""
    hint = "PAYMENT_METHODS lists the dotted paths of classes such as payments.methods.onchain.OnChainBitcoin."
    try:
        found = methods()
    except ImportError as error:
        return [Error(str(error), hint=hint, id="payments.E002")]
    if not found:
        return [Error("There is no way to pay: PAYMENT_METHODS is empty.", hint=hint, id="payments.E002")]
    return [*_incomplete(found, hint), *_same_names(found, hint)]


@register()
def rate_source_exists(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report a `RATE_SOURCE` that nobody wrote."""
    if settings.RATE_SOURCE in SOURCES:
        return []
    hint = "RATE_SOURCE is one of " + ", ".join(sorted(SOURCES)) + "."
    return [Error(f"There is no source of rates called {settings.RATE_SOURCE!r}.", hint=hint, id="payments.E004")]


def _incomplete(found: Sequence[PaymentMethod], hint: str) -> list[CheckMessage]:
    return [
        Error(f"{type(method).__name__} is no payment method: it has no {part}.", hint=hint, id="payments.E003")
        for method in found
        for part in _METHOD_PARTS
        if not hasattr(method, part)
    ]


def _same_names(found: Sequence[PaymentMethod], hint: str) -> list[CheckMessage]:
    names = [getattr(method, "name", "") for method in found]
    return [
        Error(f"{names.count(name)} payment methods are called {name!r}.", hint=hint, id="payments.E003")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
