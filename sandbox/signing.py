"""Signing inputs: the four single-key scripts a wallet hands out (BIP 143, 341)."""

from collections.abc import Sequence
from dataclasses import replace

from embit import ec
from embit.script import Script
from embit.transaction import Transaction

from sandbox.address import kind_of
from sandbox.keys import hash160
from sandbox.tx import Tx
from sandbox.verify import Spent

SIGHASH_ALL = b"\x01"
DUMMY = {
    "bech32": (b"", (bytes(71), bytes(33))),
    "bech32m": (b"", (bytes(64),)),
    "p2sh-segwit": (bytes(23), (bytes(71), bytes(33))),
    "legacy": (bytes(106), ()),
}
"""Script and witness of the size a signature will have, for working out fees."""


def sign(tx: Tx, spent: Sequence[Spent], keys: Sequence[ec.PrivateKey | None]) -> Tx:
    """Sign the inputs that have a key; `spent` are the `(satoshi, script)` of all inputs. Others stay as they are."""
    parsed = Transaction.parse(tx.raw)
    script_sigs = [txin.script_sig for txin in tx.inputs]
    stacks = list(tx.witness) or [()] * len(tx.inputs)
    for index, key in enumerate(keys):
        if key is not None:
            script_sigs[index], stacks[index] = _sign_input(parsed, index, spent, key)
    return _with(tx, script_sigs, stacks)


def padded(tx: Tx, kinds: Sequence[str]) -> Tx:
    """Give the transaction as big as it will be once signed by keys of these address types."""
    return _with(tx, [DUMMY[kind][0] for kind in kinds], [DUMMY[kind][1] for kind in kinds])


def _with(tx: Tx, script_sigs: Sequence[bytes], stacks: Sequence[tuple[bytes, ...]]) -> Tx:
    inputs = tuple(
        txin._replace(script_sig=script_sig) for txin, script_sig in zip(tx.inputs, script_sigs, strict=True)
    )
    return replace(tx, inputs=inputs, witness=tuple(stacks) if any(stacks) else ())


def _sign_input(
    parsed: Transaction, index: int, spent: Sequence[Spent], key: ec.PrivateKey
) -> tuple[bytes, tuple[bytes, ...]]:
    value, script = spent[index]
    public = bytes(key.sec())
    kind = kind_of(script).name
    if kind == "witness_v1_taproot":
        scripts = [Script(one) for _, one in spent]
        digest = parsed.sighash_taproot(index, scripts, [one for one, _ in spent])
        return b"", (bytes(key.taproot_tweak().schnorr_sign(digest).serialize()),)
    if kind == "pubkeyhash":
        signature = bytes(key.sign(parsed.sighash_legacy(index, Script(script))).serialize()) + SIGHASH_ALL
        return bytes([len(signature)]) + signature + bytes([len(public)]) + public, ()
    code = Script(b"\x76\xa9\x14" + hash160(public) + b"\x88\xac")
    signature = bytes(key.sign(parsed.sighash_segwit(index, code, value)).serialize()) + SIGHASH_ALL
    redeem = b"\x16\x00\x14" + hash160(public) if kind == "scripthash" else b""
    return redeem, (signature, public)
