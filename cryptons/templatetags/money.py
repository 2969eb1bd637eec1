"""Amounts in templates: `{{ product.price|fiat }}`, `{{ payment.amount|btc }}`."""

from decimal import Decimal

from django import template
from django.conf import settings

from cryptons.money import format_btc, format_fiat

register = template.Library()


@register.filter
def fiat(amount: Decimal, currency: str | None = None) -> str:
    """Return `amount` with its currency's sign and places; the store's currency unless named."""
    return format_fiat(amount, currency or settings.CURRENCY)


@register.filter
def btc(satoshi: int) -> str:
    """Return `satoshi` as bitcoin with eight places."""
    return format_btc(satoshi)
