"""Addresses of the regression test network and the scripts they stand for (BIP 13, 141, 173, 350)."""

from functools import lru_cache
from typing import NamedTuple

from embit import base58, bech32

from sandbox.tx import sha256d

HRP = "bcrt"
P2PKH_PREFIX = b"\x6f"
P2SH_PREFIX = b"\xc4"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
BECH32_CONSTANTS = (1, 0x2BC830A3)
UNSUPPORTED = "Invalid or unsupported Segwit (Bech32) or Base58 encoding."


class AddressError(ValueError):
    """Not an address of this network; `places` are the characters to blame, as the node counts them."""

    def __init__(self, message: str, places: list[int] | None = None) -> None:
        super().__init__(message)
        self.places = places or []


class Kind(NamedTuple):
    """What a script is: the node's name for it and its witness version and program, if it has one."""

    name: str
    version: int | None = None
    program: bytes = b""


def script_for(address: str) -> bytes:
    """Give the script behind an address; raises `AddressError` with the node's words."""
    if address.lower().startswith(HRP + "1"):
        return _witness_script(address)
    payload = _base58(address)
    prefix, digest = payload[:1], payload[1:]
    if len(digest) == 20 and prefix == P2PKH_PREFIX:
        return b"\x76\xa9\x14" + digest + b"\x88\xac"
    if len(digest) == 20 and prefix == P2SH_PREFIX:
        return b"\xa9\x14" + digest + b"\x87"
    raise AddressError("Invalid or unsupported Base58-encoded address.")


def kind_of(script: bytes) -> Kind:
    """Give the standard form a script has, `nonstandard` if none."""
    if len(script) >= 4 and script[0] in {0, *range(0x51, 0x61)} and len(script) == 2 + script[1]:
        return _witness_kind(script)
    if len(script) == 25 and script[:3] == b"\x76\xa9\x14" and script[23:] == b"\x88\xac":
        return Kind("pubkeyhash")
    if len(script) == 23 and script[:2] == b"\xa9\x14" and script[22:] == b"\x87":
        return Kind("scripthash")
    if script[:1] == b"\x6a":
        return Kind("nulldata")
    if len(script) in {35, 67} and script[0] == len(script) - 2 and script[-1] == 0xAC:
        return Kind("pubkey")
    return Kind("nonstandard")


@lru_cache(maxsize=20_000)
def address_of(script: bytes) -> str | None:
    """Give the address of a script, None when it has none."""
    kind = kind_of(script)
    if kind.version is not None:
        encoded: str | None = bech32.encode(HRP, kind.version, kind.program)
        return encoded
    if kind.name == "pubkeyhash":
        return str(base58.encode_check(P2PKH_PREFIX + script[3:23]))
    if kind.name == "scripthash":
        return str(base58.encode_check(P2SH_PREFIX + script[2:22]))
    return None


def dust_limit(script: bytes) -> int:
    """Give the least satoshi an output may carry at the default dust rate of 3 sat per byte (Core's GetDustThreshold)."""
    kind = kind_of(script)
    if kind.name == "nulldata":
        return 0
    spending = 67 if kind.version is not None else 148
    return (8 + 1 + len(script) + spending) * 3


def _base58(address: str) -> bytes:
    if any(char not in BASE58 for char in address):
        raise AddressError(UNSUPPORTED)
    raw = bytes(base58.decode(address)) if address else b""
    if len(raw) < 5 or sha256d(raw[:-4])[:4] != raw[-4:]:
        raise AddressError("Invalid checksum or length of Base58 address (P2PKH or P2SH)")
    return raw[:-4]


def _witness_kind(script: bytes) -> Kind:
    version = script[0] - 0x50 if script[0] else 0
    program = script[2:]
    name = {
        (0, 20): "witness_v0_keyhash",
        (0, 32): "witness_v0_scripthash",
        (1, 32): "witness_v1_taproot",
    }.get((version, len(program)), "witness_unknown" if version else "nonstandard")
    return Kind(name, version, program) if name != "nonstandard" else Kind(name)


def _witness_script(address: str) -> bytes:
    data = address[len(HRP) + 1 :].lower()
    wrong = [index for index, char in enumerate(data, len(HRP) + 1) if char not in CHARSET]
    if wrong:
        raise AddressError("Invalid Base 32 character", wrong[:1])
    if address not in {address.lower(), address.upper()}:
        raise AddressError("Invalid character or mixed case")
    values = [CHARSET.index(char) for char in data]
    if _checksum(values) not in BECH32_CONSTANTS:
        raise AddressError("Invalid Bech32 checksum", _one_typing_error(values))
    version, program = bech32.decode(HRP, address)
    if version is None or program is None:
        raise AddressError(UNSUPPORTED)
    return bytes([0x50 + version if version else 0, len(program), *program])


def _checksum(values: list[int]) -> int:
    return int(bech32.bech32_polymod(bech32.bech32_hrp_expand(HRP) + values))


def _one_typing_error(values: list[int]) -> list[int]:
    """Where a single wrong character explains the checksum, empty when none does."""
    for index, value in enumerate(values):
        for other in range(32):
            if other != value and _checksum([*values[:index], other, *values[index + 1 :]]) == 1:
                return [index + len(HRP) + 1]
    return []
