"""Partially signed transactions (BIP 174) over embit's reader and writer."""

from dataclasses import dataclass, replace
from typing import Self

from embit import bip32, ec
from embit.psbt import PSBT, DerivationPath, PSBTScope
from embit.script import Script, Witness
from embit.transaction import Transaction, TransactionOutput

from sandbox.keys import KeyRef
from sandbox.tx import Tx
from sandbox.verify import Spent
from sandbox.wallet.spend import find_coin, sign_with
from sandbox.wallet.wallet import Wallet


class PsbtError(ValueError):
    """Not a PSBT."""


@dataclass
class Psbt:
    """A PSBT being worked on."""

    inner: PSBT

    @classmethod
    def of(cls, wallet: Wallet, tx: Tx) -> Self:
        """Wrap an unsigned transaction, with what the wallet knows about its coins."""
        work = cls(PSBT(Transaction.parse(tx.raw)))
        work.update(wallet)
        return work

    @classmethod
    def read(cls, value: str) -> Self:
        """Read base64; raises `PsbtError`."""
        try:
            return cls(PSBT.from_base64(value))
        except Exception as error:  # embit raises many kinds for one meaning
            raise PsbtError("invalid base64") from error

    @property
    def text(self) -> str:
        """Base64, as it is passed around."""
        return str(self.inner.to_base64())

    @property
    def tx(self) -> Tx:
        """The transaction without signatures."""
        return Tx.parse(bytes(self.inner.tx.serialize()))

    @property
    def complete(self) -> bool:
        """Whether every input is signed and final."""
        return all(scope.final_scriptwitness or scope.final_scriptsig for scope in self.inner.inputs)

    def update(self, wallet: Wallet) -> None:
        """Add coins and key origins the wallet knows."""
        tx = self.tx
        for txin, scope in zip(tx.inputs, self.inner.inputs, strict=True):
            coin = find_coin(wallet, txin.outpoint)
            if coin is None:
                continue
            scope.witness_utxo = TransactionOutput(coin[0], Script(coin[1]))
            known = wallet.txs.get(txin.txid)
            if known is not None:
                scope.non_witness_utxo = Transaction.parse(known.tx.raw)
            self._add_origin(wallet, scope, wallet.key_of(coin[1]))
        for output, scope in zip(tx.outputs, self.inner.outputs, strict=True):
            self._add_origin(wallet, scope, wallet.key_of(output.script))

    def sign(self, wallet: Wallet, *, finalize: bool) -> None:
        """Sign what the wallet has keys for."""
        signed = sign_with(wallet, self.tx, self._coins())
        for index, scope in enumerate(self.inner.inputs):
            stack = signed.witness[index] if signed.witness else ()
            script_sig = signed.inputs[index].script_sig
            if not stack and not script_sig:
                continue
            if finalize or len(stack) != 2:
                self._finish(scope, stack, script_sig)
            else:
                scope.partial_sigs[ec.PublicKey.parse(stack[1])] = stack[0]

    def finalize(self) -> None:
        """Turn single signatures into final witnesses."""
        for scope in self.inner.inputs:
            if scope.partial_sigs and not scope.final_scriptwitness:
                key, signature = next(iter(scope.partial_sigs.items()))
                self._finish(scope, (signature, key.sec()), b"")

    def extract(self) -> Tx:
        """Give the signed transaction."""
        tx = self.tx
        script_sigs = [
            bytes(scope.final_scriptsig.data) if scope.final_scriptsig else b"" for scope in self.inner.inputs
        ]
        stacks = [
            tuple(bytes(item) for item in scope.final_scriptwitness.items) if scope.final_scriptwitness else ()
            for scope in self.inner.inputs
        ]
        inputs = tuple(txin._replace(script_sig=sig) for txin, sig in zip(tx.inputs, script_sigs, strict=True))
        return replace(tx, inputs=inputs, witness=tuple(stacks) if any(stacks) else ())

    def _coins(self) -> list[Spent | None]:
        outputs = [scope.witness_utxo for scope in self.inner.inputs]
        return [(int(one.value), bytes(one.script_pubkey.data)) if one else None for one in outputs]

    def _finish(self, scope: PSBTScope, stack: tuple[bytes, ...], script_sig: bytes) -> None:
        scope.partial_sigs.clear()
        scope.bip32_derivations.clear()
        if stack:
            scope.final_scriptwitness = Witness(list(stack))
        if script_sig:
            scope.final_scriptsig = Script(script_sig)

    def _add_origin(self, wallet: Wallet, scope: PSBTScope, ref: KeyRef | None) -> None:
        if ref is None or ref.kind == "bech32m":
            return
        key = ec.PublicKey.parse(wallet.keys.public_key(ref))
        path = bip32.parse_path(ref.path)
        scope.bip32_derivations[key] = DerivationPath(bytes.fromhex(wallet.keys.fingerprint), path)
