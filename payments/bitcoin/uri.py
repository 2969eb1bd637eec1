"""Payment links (BIP 21)."""

from urllib.parse import quote

from cryptons.money import to_btc


def payment_uri(address: str, satoshi: int, *, label: str = "") -> str:
    """Return `bitcoin:<address>?amount=<BTC>&label=<text>`: the amount in BTC with a point and without trailing zeros."""
    amount = f"{to_btc(satoshi):f}".rstrip("0").rstrip(".")
    named = f"&label={quote(label, safe='')}" if label else ""
    return f"bitcoin:{address}?amount={amount}{named}"
