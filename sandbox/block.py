"""Blocks of the regression test network: headers, proof of work, coinbases (BIP 34, BIP 141)."""

import itertools
import secrets
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from sandbox.tx import COIN, NULL_TXID, Reader, Tx, TxIn, TxOut, compact_size, display, sha256d

BITS = 0x207FFFFF
TARGET = 0x7FFFFF << (8 * (0x20 - 3))
VERSION = 0x20000000
HALVING_INTERVAL = 150
WITNESS_MARK = bytes.fromhex("6a24aa21a9ed")
HEADER_SIZE = 80


class BlockRejectedError(Exception):
    """A block breaks a rule; the message is the node's reject reason."""


@dataclass(frozen=True)
class Header:
    """The 80 bytes that miners hash."""

    version: int
    prev: str
    merkle_root: str
    time: int
    bits: int
    nonce: int

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read 80 bytes; `ValueError` for any other length."""
        if len(raw) != HEADER_SIZE:
            raise ValueError("a header has 80 bytes")
        version, prev, root, time, bits, nonce = struct.unpack("<i32s32sIII", raw)
        return cls(version, display(prev), display(root), time, bits, nonce)

    @cached_property
    def raw(self) -> bytes:
        """The bytes as they travel."""
        prev, root = bytes.fromhex(self.prev)[::-1], bytes.fromhex(self.merkle_root)[::-1]
        return struct.pack("<i32s32sIII", self.version, prev, root, self.time, self.bits, self.nonce)

    @cached_property
    def hash(self) -> str:
        """The block's id in display order."""
        return display(sha256d(self.raw))

    @property
    def has_work(self) -> bool:
        """Whether the hash is below the target of the regression test network."""
        return self.bits == BITS and int(self.hash, 16) <= TARGET


@dataclass(frozen=True)
class Block:
    """A header and its transactions."""

    header: Header
    txs: tuple[Tx, ...]

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read exactly one block; `ValueError` for anything else."""
        reader = Reader(raw)
        header = Header.parse(reader.take(HEADER_SIZE))
        block = cls(header, tuple(Tx.read(reader) for _ in range(reader.size())))
        if not reader.at_end():
            raise ValueError("bytes after the block")
        return block

    @cached_property
    def raw(self) -> bytes:
        """The bytes as they travel."""
        return self.header.raw + compact_size(len(self.txs)) + b"".join(tx.raw for tx in self.txs)

    @property
    def hash(self) -> str:
        """The block's id in display order."""
        return self.header.hash

    @property
    def weight(self) -> int:
        """Weight units (BIP 141)."""
        overhead = HEADER_SIZE + len(compact_size(len(self.txs)))
        return overhead * 4 + sum(tx.weight for tx in self.txs)

    @property
    def stripped_size(self) -> int:
        """Bytes without witness data."""
        return HEADER_SIZE + len(compact_size(len(self.txs))) + sum(len(tx.stripped) for tx in self.txs)


def merkle_root(ids: Sequence[str]) -> str:
    """Give the root over transaction ids in display order."""
    level = [bytes.fromhex(txid)[::-1] for txid in ids]
    while len(level) > 1:
        if len(level) % 2:
            level.append(level[-1])
        level = [sha256d(level[i] + level[i + 1]) for i in range(0, len(level), 2)]
    return display(level[0])


def subsidy(height: int) -> int:
    """Give new satoshi a block may create."""
    return (50 * COIN) >> (height // HALVING_INTERVAL)


def height_script(height: int) -> bytes:
    """Give the height as BIP 34 wants it at the start of a coinbase, padded to the two bytes a coinbase needs."""
    if height <= 16:
        return bytes([0x50 + height if height else 0]) + b"\x00"
    size = (height.bit_length() // 8) + 1
    return bytes([size]) + height.to_bytes(size, "little") + b"\x00"


def witness_commitment(txs: Sequence[Tx]) -> bytes:
    """Give the script that commits to every witness of the block (BIP 141)."""
    root = merkle_root([NULL_TXID, *(tx.wtxid for tx in txs)])
    return WITNESS_MARK + sha256d(bytes.fromhex(root)[::-1] + bytes(32))


def coinbase(*, height: int, script: bytes, value: int, txs: Sequence[Tx]) -> Tx:
    """Give the transaction that pays `value` satoshi to the miner's `script`."""
    return Tx(
        version=2,
        inputs=(TxIn(NULL_TXID, 0xFFFFFFFF, height_script(height)),),
        outputs=(TxOut(value, script), TxOut(0, witness_commitment(txs))),
        witness=((bytes(32),),),
    )


def mine(*, prev: str, height: int, time: int, script: bytes, fees: int, txs: Sequence[Tx]) -> Block:
    """Give a block on `prev` with real proof of work, paying subsidy and `fees` to `script`."""
    reward = coinbase(height=height, script=script, value=subsidy(height) + fees, txs=txs)
    every = (reward, *txs)
    root = merkle_root([tx.txid for tx in every])
    start = secrets.randbits(31)  # so that twins mined in the same second differ
    for nonce in itertools.count(start):
        header = Header(VERSION, prev, root, time, BITS, nonce)
        if header.has_work:
            return Block(header, every)
    raise AssertionError  # itertools.count() does not end


def check_block(block: Block) -> None:
    """Rules a block must meet by itself; raises `BlockRejectedError`."""
    if not block.header.has_work:
        raise BlockRejectedError("high-hash")
    if not block.txs or not block.txs[0].is_coinbase:
        raise BlockRejectedError("bad-cb-missing")
    if any(tx.is_coinbase for tx in block.txs[1:]):
        raise BlockRejectedError("bad-cb-multiple")
    ids = [tx.txid for tx in block.txs]
    if len(set(ids)) != len(ids):
        raise BlockRejectedError("bad-txns-duplicate")
    if merkle_root(ids) != block.header.merkle_root:
        raise BlockRejectedError("bad-txnmrklroot")
    if any(tx.has_witness for tx in block.txs[1:]):
        expected = witness_commitment(block.txs[1:])
        if not any(output.script[:38] == expected for output in block.txs[0].outputs):
            raise BlockRejectedError("bad-witness-merkle-match")


def _genesis() -> Block:
    words = b"The Times 03/Jan/2009 Chancellor on brink of second bailout for banks"
    key = bytes.fromhex(
        "04678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb6"
        "49f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5f"
    )
    script_sig = bytes.fromhex("04ffff001d0104") + bytes([len(words)]) + words
    first = Tx(
        version=1,
        inputs=(TxIn(NULL_TXID, 0xFFFFFFFF, script_sig),),
        outputs=(TxOut(50 * COIN, bytes([len(key)]) + key + b"\xac"),),
    )
    return Block(Header(1, NULL_TXID, first.txid, 1296688602, BITS, 2), (first,))


GENESIS = _genesis()
