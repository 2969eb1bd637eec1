"""Does a signature allow an input to spend its coin? Single-key scripts only (BIP 143, 341), which is what wallets make."""

from collections.abc import Callable, Sequence

from embit import ec
from embit.script import Script
from embit.transaction import Transaction

from sandbox.address import kind_of
from sandbox.keys import hash160
from sandbox.tx import Tx

SIGNATURE = "Signature must be zero for failed CHECK(MULTI)SIG operation"
EMPTY_WITNESS = "Witness program was passed an empty witness"
MISMATCH = "Witness program hash mismatch"
FAILED = "Script evaluated without error but finished with a false/empty top stack element"
EQUALVERIFY = "Script failed an OP_EQUALVERIFY operation"
SCHNORR = "Invalid Schnorr signature"
UNKNOWN = "The sandbox checks single-key scripts only"

Spent = tuple[int, bytes]


class SpendError(Exception):
    """An input may not spend its coin; the message is the script interpreter's."""


def check_inputs(tx: Tx, spent: Sequence[Spent]) -> None:
    """Check every input of `tx` against the `(satoshi, script)` it spends; raises `SpendError`."""
    parsed = Transaction.parse(tx.raw)
    for index, (value, script) in enumerate(spent):
        _check_input(tx, parsed, index, value, script, spent)


def _check_input(tx: Tx, parsed: Transaction, index: int, value: int, script: bytes, spent: Sequence[Spent]) -> None:
    stack = tx.witness[index] if tx.witness else ()
    script_sig = tx.inputs[index].script_sig
    match kind_of(script).name:
        case "witness_v0_keyhash":
            _check_keyhash(parsed, index, value, script[2:], stack)
        case "witness_v1_taproot":
            _check_taproot(parsed, index, script[2:], stack, spent)
        case "pubkeyhash":
            _check_legacy(parsed, index, script, script_sig)
        case "scripthash":
            _check_nested(parsed, index, value, script[2:22], stack, script_sig)
        case _:
            raise SpendError(UNKNOWN)


def _check_keyhash(parsed: Transaction, index: int, value: int, program: bytes, stack: tuple[bytes, ...]) -> None:
    if len(stack) != 2:
        raise SpendError(MISMATCH)
    signature, key = stack
    if hash160(key) != program:
        raise SpendError(EQUALVERIFY)
    code = Script(b"\x76\xa9\x14" + program + b"\x88\xac")
    _check_ecdsa(key, signature, lambda kind: parsed.sighash_segwit(index, code, value, kind))


def _check_nested(
    parsed: Transaction, index: int, value: int, digest: bytes, stack: tuple[bytes, ...], script_sig: bytes
) -> None:
    redeem = script_sig[1:]
    if hash160(redeem) != digest:
        raise SpendError(FAILED)
    if kind_of(redeem).name != "witness_v0_keyhash":
        raise SpendError(UNKNOWN)
    _check_keyhash(parsed, index, value, redeem[2:], stack)


def _check_legacy(parsed: Transaction, index: int, script: bytes, script_sig: bytes) -> None:
    if not script_sig:
        raise SpendError("Operation not valid with the current stack size")
    size = script_sig[0]
    signature, key = script_sig[1 : 1 + size], script_sig[2 + size :]
    if hash160(key) != script[3:23]:
        raise SpendError(EQUALVERIFY)
    _check_ecdsa(key, signature, lambda kind: parsed.sighash_legacy(index, Script(script), kind))


def _check_taproot(
    parsed: Transaction, index: int, program: bytes, stack: tuple[bytes, ...], spent: Sequence[Spent]
) -> None:
    if not stack:
        raise SpendError(EMPTY_WITNESS)
    signature = stack[0]
    if len(stack) != 1 or len(signature) not in {64, 65}:
        raise SpendError(UNKNOWN)
    scripts = [Script(script) for _, script in spent]
    values = [value for value, _ in spent]
    kind = signature[64] if len(signature) == 65 else 0
    digest = parsed.sighash_taproot(index, scripts, values, sighash=kind)
    if not ec.PublicKey.from_xonly(program).schnorr_verify(ec.SchnorrSig(signature[:64]), digest):
        raise SpendError(SCHNORR)


def _check_ecdsa(key: bytes, signature: bytes, digest_for: Callable[[int], bytes]) -> None:
    try:
        good = ec.PublicKey.parse(key).verify(ec.Signature.parse(signature[:-1]), digest_for(signature[-1]))
    except (ec.ECError, ValueError, IndexError) as error:
        raise SpendError(SIGNATURE) from error
    if not good:
        raise SpendError(SIGNATURE)
