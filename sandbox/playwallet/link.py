"""Payment links (BIP 21)."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from urllib.parse import parse_qsl

from sandbox.address import AddressError, script_for
from sandbox.tx import COIN, MAX_MONEY


class LinkError(ValueError):
    """A link nobody can pay; the message is for the person who pasted it."""


@dataclass(frozen=True)
class PaymentLink:
    """What a link asks for; satoshi, None when it names no amount."""

    address: str
    satoshi: int | None
    label: str
    message: str

    @property
    def amount(self) -> str:
        """The amount in BTC as a person writes it, empty when the link names none."""
        return "" if self.satoshi is None else btc(self.satoshi)

    @property
    def grouped_address(self) -> str:
        """The address in groups of four, which are easier to compare."""
        return " ".join(self.address[start : start + 4] for start in range(0, len(self.address), 4))


def read_link(text: str) -> PaymentLink:
    """Read a link, or a bare address; raises `LinkError`."""
    scheme, colon, rest = text.strip().partition(":")
    if not colon:
        scheme, rest = "bitcoin", scheme
    if scheme.lower() != "bitcoin" or not rest:
        raise LinkError("That is not a Bitcoin payment link. It should start with “bitcoin:”.")
    address, _, query = rest.partition("?")
    fields = dict(parse_qsl(query, keep_blank_values=True))
    unknown = next((name for name in fields if name.lower().startswith("req-")), None)
    if unknown:
        raise LinkError(f"The link requires “{unknown[4:]}”, which this wallet cannot do.")
    try:
        script_for(address)
    except AddressError as error:
        raise LinkError(f"The address in the link is not one of the play network: {error}") from error
    amount = satoshi_from(fields["amount"]) if "amount" in fields else None
    return PaymentLink(address, amount, fields.get("label", ""), fields.get("message", ""))


def satoshi_from(text: str) -> int:
    """Satoshi of an amount in BTC; raises `LinkError`."""
    try:
        satoshi = Decimal(text.strip()) * COIN
    except InvalidOperation as error:
        raise LinkError("The amount should be a number in BTC, such as 0.0015.") from error
    if not satoshi.is_finite() or satoshi != satoshi.to_integral_value() or not 0 < satoshi <= MAX_MONEY:
        raise LinkError("The amount should be more than nothing, with at most eight decimals.")
    return int(satoshi)


def btc(satoshi: int) -> str:
    """Satoshi as BTC with eight decimals."""
    return f"{satoshi // COIN}.{satoshi % COIN:08d}"
