"""Money as the store counts it: fiat as `Decimal` with the currency's exponent, coins as whole numbers of their smallest unit."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from cryptons.currencies import EXPONENTS

SATOSHI_PER_BTC = 100_000_000
"""Smallest units in one bitcoin (Bitcoin Core `COIN`)."""

_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}


def exponent(currency: str) -> int:
    """Return how many decimal places `currency` (ISO 4217) has."""
    return EXPONENTS.get(currency, 2)


def fiat(amount: Decimal | int | str, currency: str) -> Decimal:
    """Return `amount` rounded half-up to the currency's exponent."""
    return Decimal(amount).quantize(Decimal(1).scaleb(-exponent(currency)), rounding=ROUND_HALF_UP)


def format_fiat(amount: Decimal, currency: str) -> str:
    """Return `amount` for people: `€1,299.00`, `CHF 12.50`."""
    figure = f"{fiat(amount, currency):,}"
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{figure}" if symbol else f"{currency} {figure}"


def to_satoshi(btc: Decimal) -> int:
    """Return a bitcoin amount in satoshi. Raises ValueError where it has a fraction of one."""
    satoshi = btc * SATOSHI_PER_BTC
    if satoshi != satoshi.to_integral_value():
        raise ValueError(f"{btc} BTC is not a whole number of satoshi")
    return int(satoshi)


def to_btc(satoshi: int) -> Decimal:
    """Return `satoshi` as bitcoin with all eight places."""
    return Decimal(satoshi).scaleb(-8).quantize(Decimal("0.00000001"))


def format_btc(satoshi: int) -> str:
    """Return `satoshi` as bitcoin for people, always with eight places: `0.00042000`."""
    return f"{to_btc(satoshi):f}"


def price_in_satoshi(amount: Decimal, rate: Decimal) -> int:
    """Return what `amount` (fiat) costs at `rate` (fiat for one bitcoin), in satoshi, rounded up so that the shop is never short."""
    if rate <= 0:
        raise ValueError("a rate is above zero")
    return int((amount * SATOSHI_PER_BTC / rate).to_integral_value(rounding=ROUND_CEILING))
