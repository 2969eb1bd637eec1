"""Typed readers for the environment: one call a setting, and a wrong value stops the start by name.

Each reader returns the parsed value, or the default where the variable is absent or empty. A secret may also come from a file:
where `NAME_FILE` is set, its content (without the closing newline) is the value, as container platforms mount secrets.
Every name read is kept in `READ`, so that a test can hold `.env.example` against what the code really reads.
"""

import os
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from email.utils import formataddr, parseaddr
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured

from cryptons.currencies import EXPONENTS

READ: dict[str, str] = {}

_YES = {"1", "true", "yes", "on"}
_NO = {"0", "false", "no", "off"}
_ORIGINS = ("http", "https", "capacitor", "ionic")  # the latter two are apps that show pages of their own
_WITHOUT_HOST = {"sqlite", "filesystem", "locmem", "embedded", "postgres", "postgresql"}


class SettingError(ImproperlyConfigured):
    """A setting is missing or wrong. The message names the variable and says what is allowed."""

    def __init__(self, name: str, allowed: str, got: str | None = None) -> None:
        shown = "it is not set" if got is None else f"got {got!r}"
        super().__init__(f"{name}: {shown}; allowed is {allowed}.")
        self.name = name


def load_env_file(path: Path) -> None:
    """Put the `NAME=value` lines of `path` into the environment; what is already set there wins."""
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        entry = line.strip()
        if not entry or entry.startswith("#"):
            continue
        name, equals, value = entry.partition("=")
        if not equals:
            raise SettingError(f"{path.name}, line {number}", "NAME=value", entry)
        os.environ.setdefault(name.strip(), value.strip().strip("\"'"))


def text(name: str, default: str = "", *, allowed: str = "any text", required: bool = False) -> str:
    """Return the variable as text. Raises SettingError where `required` and absent."""
    READ[name] = default
    value = os.environ.get(name, "").strip() or default
    if required and not value:
        raise SettingError(name, allowed)
    return value


def secret(name: str, default: str = "") -> str:
    """Return a secret from `NAME`, or from the file that `NAME_FILE` names. Never shown in an error."""
    READ[name] = default
    READ[f"{name}_FILE"] = ""
    path = os.environ.get(f"{name}_FILE", "").strip()
    if not path:
        return os.environ.get(name, "").strip() or default
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{name}_FILE", "the path of a readable text file", path) from error


def integer(name: str, default: int, *, low: int = 0, high: int = 2**31 - 1) -> int:
    """Return the variable as a whole number from `low` to `high`."""
    value = text(name, str(default))
    try:
        number = int(value)
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise SettingError(name, f"a whole number from {low} to {high}", value)
    return number


def decimal(name: str, default: str, *, low: str = "0", high: str = "1000000000000") -> Decimal:
    """Return the variable as a Decimal from `low` to `high`."""
    value = text(name, default)
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not Decimal(low) <= number <= Decimal(high):
        raise SettingError(name, f"a number from {low} to {high}", value)
    return number


def flag(name: str, *, default: bool) -> bool:
    """Return the variable as yes or no."""
    value = text(name, "1" if default else "0").lower()
    if value not in _YES | _NO:
        raise SettingError(name, "1, true, yes, on or 0, false, no, off", value)
    return value in _YES


def choice(name: str, default: str, options: Sequence[str]) -> str:
    """Return the variable, which has to be one of `options`."""
    value = text(name, default)
    if value not in options:
        raise SettingError(name, "one of " + ", ".join(options), value)
    return value


def label(name: str, default: str) -> str:
    """Return the variable as a short name for things of this store's own on a shared server: small letters, figures, hyphens."""
    value = text(name, default)
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,49}", value):
        raise SettingError(name, "up to 50 small letters, figures and hyphens, beginning with no hyphen", value)
    return value


def time_zone(name: str, default: str) -> str:
    """Return the variable as the name of a time zone that this machine knows (IANA, such as `Europe/Berlin`)."""
    value = text(name, default)
    try:
        if value != "UTC":
            ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingError(name, "the name of a time zone, such as UTC or Europe/Berlin", value) from error
    return value


def currency(name: str, default: str) -> str:
    """Return the variable as the code of a currency (ISO 4217), in capitals."""
    value = text(name, default).upper()
    if value not in EXPONENTS:
        raise SettingError(name, "the ISO 4217 code of a currency, such as EUR or USD", value)
    return value


def mailbox(name: str, default: str) -> str:
    """Return the variable as one e-mail address, with or without a name before it."""
    value = text(name, default)
    person, address = parseaddr(value)
    local, _, domain = address.rpartition("@")
    if not local or not domain or any(sign in value for sign in "\r\n"):
        raise SettingError(name, "an e-mail address, such as Shop <shop@example.org>", value)
    return formataddr((person, address))


def words(name: str, default: str = "") -> list[str]:
    """Return the variable's comma-separated parts, without empty ones."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def origins(name: str) -> list[str]:
    """Return the variable as origins (RFC 6454: scheme, host, port), none of them twice, or as `["*"]` for every one."""
    values = [value.lower() for value in words(name)]
    if values != ["*"] and not all(_is_origin(value) for value in values):
        raise SettingError(
            name,
            "origins such as https://app.example, without a path and separated by commas, or * alone",
            ",".join(values),
        )
    return list(dict.fromkeys(values))


def _is_origin(value: str) -> bool:
    parts = urlsplit(value) if _is_url(value, _ORIGINS) else None
    return parts is not None and value == f"{parts.scheme}://{parts.netloc}" and "@" not in value and "*" not in value


def folder(name: str, default: Path) -> Path:
    """Return the variable as the absolute path of a folder, which is made where it is missing."""
    value = Path(text(name, str(default))).expanduser().resolve()
    try:
        value.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(name, f"a folder that is there or can be made ({error.strerror})", str(value)) from error
    return value


def url(name: str, default: str, *, schemes: Sequence[str]) -> str:
    """Return the variable as a URL whose scheme is one of `schemes`, with a host where such a URL needs one.

    Its value may hold a password, so it is not shown in an error.
    """
    value = secret(name, default)
    if value and not _is_url(value, schemes):
        raise SettingError(
            name, "a URL that begins with " + ", ".join(f"{scheme}:" for scheme in schemes), "something else"
        )
    return value


def _is_url(value: str, schemes: Sequence[str]) -> bool:
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in schemes and (bool(host) or parts.scheme in _WITHOUT_HOST)


def rate(name: str, default: str) -> tuple[int, int]:
    """Return a limit such as `5/15m` as (how often, within how many seconds)."""
    value = text(name, default)
    parts = re.fullmatch(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,5})?([smhd])", value)
    if parts is None:
        raise SettingError(name, "a limit such as 5/15m (s, m, h, d for seconds, minutes, hours, days)", value)
    times, units, unit = parts.groups()
    return int(times), int(units or 1) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[unit]


def tiers(name: str, default: str) -> Mapping[Decimal, int]:
    """Return `amount:confirmations` pairs such as `0:1,1000:3`, sorted by amount; the first amount has to be 0.

    A higher amount never needs fewer confirmations than a lower one.
    """
    value = text(name, default)
    allowed = (
        "amount:confirmations pairs such as 0:1,1000:3,10000:6: one for amount 0, confirmations 1 to 100, "
        "never fewer for a higher amount"
    )
    pairs: dict[Decimal, int] = {}
    try:
        for part in value.split(","):
            amount, _, confirmations = part.partition(":")
            pairs[Decimal(amount.strip())] = int(confirmations)
    except (InvalidOperation, ValueError) as error:
        raise SettingError(name, allowed, value) from error
    if not all(amount.is_finite() and amount >= 0 for amount in pairs) or Decimal(0) not in pairs:
        raise SettingError(name, allowed, value)
    ordered = dict(sorted(pairs.items()))
    needed = list(ordered.values())
    if needed != sorted(needed) or not 1 <= needed[0] <= needed[-1] <= 100:
        raise SettingError(name, allowed, value)
    return ordered
