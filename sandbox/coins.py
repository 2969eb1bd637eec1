"""The coins the active chain leaves unspent, and what each block took from them."""

from typing import NamedTuple

from sandbox.block import Block, BlockRejectedError, subsidy
from sandbox.tx import Outpoint, Tx
from sandbox.verify import SpendError, check_inputs

MATURITY = 100


class Coin(NamedTuple):
    """An unspent output with what spending it needs to know."""

    value: int
    script: bytes
    height: int
    coinbase: bool


Undo = list[tuple[Outpoint, Coin]]


class Coins:
    """All unspent outputs; blocks are put on and taken off at the end only."""

    def __init__(self) -> None:
        self.unspent: dict[Outpoint, Coin] = {}
        self.spent_by: dict[Outpoint, str] = {}
        self.verified: set[str] = set()
        """The wtxids whose signatures were checked."""
        self.trusting = False
        """While reading our own blocks back, signatures need no second check."""
        self._undo: dict[str, Undo] = {}

    def spent_in(self, block_hash: str) -> dict[Outpoint, Coin]:
        """Give the coins a block of the active chain spends."""
        return dict(self._undo.get(block_hash, []))

    def put_on(self, block: Block, height: int) -> None:
        """Apply a block, or raise `BlockRejectedError` and leave everything as it was."""
        undo: Undo = []
        done: list[Tx] = []
        fees = 0
        try:
            for tx in block.txs:
                if not tx.is_coinbase:
                    fees += self._check(tx, height)
                undo += self._apply(tx, height)
                done.append(tx)
            _check_reward(block, height, fees)
        except BlockRejectedError:
            self._unapply(done, undo)
            raise
        self._undo[block.hash] = undo

    def take_off(self, block: Block) -> None:
        """Undo the newest block."""
        self._unapply(list(block.txs), self._undo.pop(block.hash))

    def _check(self, tx: Tx, height: int) -> int:
        """Check what a transaction spends and give its fee in satoshi; raises `BlockRejectedError`."""
        found = [self.unspent.get(txin.outpoint) for txin in tx.inputs]
        coins = [coin for coin in found if coin is not None]
        if len(coins) != len(found):
            raise BlockRejectedError("bad-txns-inputs-missingorspent")
        if any(coin.coinbase and height - coin.height < MATURITY for coin in coins):
            raise BlockRejectedError("bad-txns-premature-spend-of-coinbase")
        fee = sum(coin.value for coin in coins) - tx.output_value
        if fee < 0:
            raise BlockRejectedError("bad-txns-in-belowout")
        if not self.trusting and tx.wtxid not in self.verified:
            try:
                check_inputs(tx, [(coin.value, coin.script) for coin in coins])
            except SpendError as error:
                raise BlockRejectedError(f"mandatory-script-verify-flag-failed ({error})") from error
            self.verified.add(tx.wtxid)
        return fee

    def _apply(self, tx: Tx, height: int) -> Undo:
        spent: Undo = []
        if not tx.is_coinbase:
            for txin in tx.inputs:
                spent.append((txin.outpoint, self.unspent.pop(txin.outpoint)))
                self.spent_by[txin.outpoint] = tx.txid
        for index, output in enumerate(tx.outputs):
            if output.script[:1] != b"\x6a":
                self.unspent[(tx.txid, index)] = Coin(output.value, output.script, height, tx.is_coinbase)
        return spent

    def _unapply(self, txs: list[Tx], undo: Undo) -> None:
        for outpoint, coin in undo:
            self.unspent[outpoint] = coin
            self.spent_by.pop(outpoint, None)
        for tx in txs:
            for index in range(len(tx.outputs)):
                self.unspent.pop((tx.txid, index), None)


def _check_reward(block: Block, height: int, fees: int) -> None:
    if block.txs[0].output_value > subsidy(height) + fees:
        raise BlockRejectedError("bad-cb-amount")
