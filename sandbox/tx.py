"""Transactions as values and as bytes (BIP 144 serialisation). Amounts are satoshi."""

import hashlib
import struct
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Self

COIN = 100_000_000
MAX_MONEY = 21_000_000 * COIN
NULL_TXID = "00" * 32

Outpoint = tuple[str, int]


def sha256d(data: bytes) -> bytes:
    """Bitcoin's double SHA-256."""
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def display(digest: bytes) -> str:
    """Give a digest the way people and JSON-RPC write it: bytes reversed, in hex."""
    return digest[::-1].hex()


def compact_size(number: int) -> bytes:
    """Bitcoin's variable length integer."""
    if number < 0xFD:
        return bytes([number])
    if number <= 0xFFFF:
        return b"\xfd" + struct.pack("<H", number)
    if number <= 0xFFFFFFFF:
        return b"\xfe" + struct.pack("<I", number)
    return b"\xff" + struct.pack("<Q", number)


def with_length(data: bytes) -> bytes:
    """Give `data` behind its own length."""
    return compact_size(len(data)) + data


class Reader:
    """Reads Bitcoin's wire format; `ValueError` when the bytes end too early."""

    def __init__(self, data: bytes, position: int = 0) -> None:
        self.data = data
        self.position = position

    def take(self, size: int) -> bytes:
        """Give the next `size` bytes."""
        end = self.position + size
        if end > len(self.data):
            raise ValueError("unexpected end of data")
        piece = self.data[self.position : end]
        self.position = end
        return piece

    def number(self, size: int) -> int:
        """Give a little-endian unsigned integer of `size` bytes."""
        return int.from_bytes(self.take(size), "little")

    def size(self) -> int:
        """Give a variable length integer."""
        first = self.take(1)[0]
        return first if first < 0xFD else self.number({0xFD: 2, 0xFE: 4, 0xFF: 8}[first])

    def sized(self) -> bytes:
        """Bytes that carry their length in front."""
        return self.take(self.size())

    def at_end(self) -> bool:
        """Whether everything was read."""
        return self.position == len(self.data)


class TxIn(NamedTuple):
    """One input: what it spends, and how."""

    txid: str
    vout: int
    script_sig: bytes = b""
    sequence: int = 0xFFFFFFFF

    @property
    def outpoint(self) -> Outpoint:
        """The output this input spends."""
        return (self.txid, self.vout)


class TxOut(NamedTuple):
    """One output: satoshi and the script that guards them."""

    value: int
    script: bytes


@dataclass(frozen=True)
class Tx:
    """A transaction; ids and sizes are worked out once."""

    version: int
    inputs: tuple[TxIn, ...]
    outputs: tuple[TxOut, ...]
    locktime: int = 0
    witness: tuple[tuple[bytes, ...], ...] = ()

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read exactly one transaction; `ValueError` for anything else."""
        reader = Reader(raw)
        tx = cls.read(reader)
        if not reader.at_end():
            raise ValueError("bytes after the transaction")
        return tx

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read one transaction and leave the reader behind it."""
        version = int.from_bytes(reader.take(4), "little", signed=True)
        count = reader.size()
        segwit = count == 0
        if segwit:
            if reader.take(1) != b"\x01":
                raise ValueError("unknown transaction flags")
            count = reader.size()
        inputs = tuple(_read_input(reader) for _ in range(count))
        outputs = tuple(TxOut(reader.number(8), reader.sized()) for _ in range(reader.size()))
        stacks = tuple(_read_stack(reader) for _ in inputs) if segwit else ()
        if segwit and not any(stacks):
            raise ValueError("superfluous witness")
        return cls(version, inputs, outputs, reader.number(4), stacks)

    @cached_property
    def stripped(self) -> bytes:
        """The bytes without witness, which the txid commits to."""
        return self._head() + self._body() + struct.pack("<I", self.locktime)

    @cached_property
    def raw(self) -> bytes:
        """The bytes as they travel."""
        if not self.has_witness:
            return self.stripped
        stacks = b"".join(
            compact_size(len(stack)) + b"".join(with_length(item) for item in stack) for stack in self.witness
        )
        return self._head() + b"\x00\x01" + self._body() + stacks + struct.pack("<I", self.locktime)

    @property
    def has_witness(self) -> bool:
        """Whether any input carries witness data."""
        return any(self.witness)

    @cached_property
    def txid(self) -> str:
        """The id in display order."""
        return display(sha256d(self.stripped))

    @cached_property
    def wtxid(self) -> str:
        """The id that covers the witness too (BIP 141)."""
        return display(sha256d(self.raw))

    @cached_property
    def weight(self) -> int:
        """Weight units (BIP 141)."""
        return len(self.stripped) * 3 + len(self.raw)

    @property
    def vsize(self) -> int:
        """Virtual bytes."""
        return (self.weight + 3) // 4

    @property
    def is_coinbase(self) -> bool:
        """Whether this is the transaction that pays a miner."""
        return len(self.inputs) == 1 and self.inputs[0].txid == NULL_TXID

    @property
    def output_value(self) -> int:
        """The satoshi of all outputs."""
        return sum(output.value for output in self.outputs)

    @property
    def signals_replacement(self) -> bool:
        """Whether an input opts in to replacement (BIP 125)."""
        return any(txin.sequence < 0xFFFFFFFE for txin in self.inputs)

    def _head(self) -> bytes:
        return self.version.to_bytes(4, "little", signed=True)

    def _body(self) -> bytes:
        parts = [compact_size(len(self.inputs))]
        for txin in self.inputs:
            parts += (
                bytes.fromhex(txin.txid)[::-1],
                struct.pack("<I", txin.vout),
                with_length(txin.script_sig),
                struct.pack("<I", txin.sequence),
            )
        parts.append(compact_size(len(self.outputs)))
        for output in self.outputs:
            parts += (struct.pack("<Q", output.value), with_length(output.script))
        return b"".join(parts)


def _read_input(reader: Reader) -> TxIn:
    txid = display(reader.take(32))
    return TxIn(txid, reader.number(4), reader.sized(), reader.number(4))


def _read_stack(reader: Reader) -> tuple[bytes, ...]:
    return tuple(reader.sized() for _ in range(reader.size()))
