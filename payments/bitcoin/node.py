"""The few things we ask a Bitcoin node, typed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import structlog

from payments.bitcoin import records
from payments.bitcoin.errors import (
    NOT_FOUND,
    WALLET_ALREADY_LOADED,
    WALLET_NOT_FOUND,
    BadAnswer,
    NodeError,
    RpcError,
    UntrustedNode,
)
from payments.bitcoin.rpc import Call, RpcClient

logger = structlog.get_logger(__name__)

SANDBOX_SUBVERSION = "cryptons-sandbox"
_BATCH = 400


@dataclass(frozen=True, slots=True)
class Look:
    """What the node knows of one transaction: the wallet's record (None for unknown) and whether it waits in the mempool."""

    transaction: records.WalletTransaction | None
    in_mempool: bool


@dataclass(frozen=True, slots=True)
class Trust:
    """What a node has to be: its network's short name (`getblockchaininfo.chain`), and whether a play node will do."""

    network: str
    allow_sandbox: bool


class Node:
    """One wallet of one node. Thread-safe. Every method raises NodeError; none is called inside a database transaction."""

    def __init__(self, rpc: RpcClient, wallet: str, trust: Trust) -> None:
        self._rpc = rpc
        self._wallet = wallet
        self._path = f"/wallet/{quote(wallet, safe='')}"
        self._trust = trust
        self._trusted = False

    def close(self) -> None:
        """Close all connections."""
        self._rpc.close()

    def chain(self) -> records.ChainInfo:
        """Return the state of the chain, after having checked that it is the right network and no play node by mistake."""
        info, network = self._batch([("getblockchaininfo", []), ("getnetworkinfo", [])], path="/")
        for answer in (info, network):
            if isinstance(answer, RpcError):
                raise answer
        chain = records.chain_info(info, network)
        self._verify(chain.chain, str(network.get("subversion", "")))
        return chain

    def new_address(self, label: str) -> str:
        """Return a fresh address (bech32) that carries `label` in the wallet."""
        address = self._in_wallet("getnewaddress", label, "bech32")
        if not isinstance(address, str) or not address:
            raise BadAnswer(f"The node answered getnewaddress with {address!r:.100}")
        return address

    def list_since(self, cursor: str, depth: int, *, include_removed: bool = True) -> records.Listing:
        """Return what was received since block `cursor` ("" for all), and a next cursor `depth` blocks below the tip.

        Unconfirmed entries are listed whatever the cursor. Raises RpcError -5 for a block that the node does not know, -32603
        for one that it cannot read any more.
        """
        return records.listing(self._in_wallet("listsinceblock", cursor, depth, True, include_removed))

    def look(self, txids: Collection[str]) -> dict[str, Look]:
        """Return what the node knows of each transaction: the mempool is asked first, so that one mined meanwhile shows as mined."""
        ordered = sorted(txids)
        found: dict[str, Look] = {}
        for start in range(0, len(ordered), _BATCH):
            part = ordered[start : start + _BATCH]
            calls: list[Call] = []
            for txid in part:
                calls += [("getmempoolentry", [txid]), ("gettransaction", [txid, True])]
            answers = self._batch(calls, path=self._path)
            for index, txid in enumerate(part):
                found[txid] = _look(txid, answers[2 * index], answers[2 * index + 1])
        return found

    def wallet_info(self) -> Mapping[str, Any]:
        """Return `getwalletinfo`, loading the wallet where it was not loaded."""
        info = self._in_wallet("getwalletinfo")
        if not isinstance(info, Mapping):
            raise BadAnswer(f"The node answered getwalletinfo with {info!r:.100}")
        return info

    def _in_wallet(self, method: str, *params: object) -> Any:
        self._ensure_trusted()
        with self._distrust_on_failure():
            try:
                return self._rpc.call(method, *params, path=self._path)
            except RpcError as error:
                if error.code != WALLET_NOT_FOUND:
                    raise
                self._load_wallet(error)
                return self._rpc.call(method, *params, path=self._path)

    def _batch(self, calls: Sequence[Call], *, path: str) -> list[Any]:
        with self._distrust_on_failure():
            answers = self._rpc.batch(calls, path=path)
            unloaded = [one for one in answers if isinstance(one, RpcError) and one.code == WALLET_NOT_FOUND]
            if unloaded:
                self._load_wallet(unloaded[0])
                answers = self._rpc.batch(calls, path=path)
            return answers

    def _load_wallet(self, cause: RpcError) -> None:
        """Load our wallet: after a restart a node has only those that were made or loaded with `load_on_startup`."""
        try:
            self._rpc.call("loadwallet", self._wallet, path="/")
        except RpcError as error:
            if error.code != WALLET_ALREADY_LOADED:
                message = (
                    f"The node has no wallet {self._wallet!r} (BITCOIN_RPC_WALLET) and cannot load it: {error.message}"
                )
                raise RpcError(message, code=WALLET_NOT_FOUND, http_status=cause.http_status) from error
        else:
            logger.warning("wallet_loaded", wallet=self._wallet, hint="load it with load_on_startup=true")

    def _ensure_trusted(self) -> None:
        if not self._trusted:
            self.chain()

    @contextmanager
    def _distrust_on_failure(self) -> Iterator[None]:
        """Check the network anew after a call that did not get through: what answers there next may be another node."""
        try:
            yield
        except NodeError as error:
            if not isinstance(error, RpcError):
                self._trusted = False
            raise

    def _verify(self, chain: str, subversion: str) -> None:
        if SANDBOX_SUBVERSION in subversion and not self._trust.allow_sandbox:
            raise UntrustedNode("This is the play node of the sandbox; real money needs a real one (BITCOIN_RPC_URL).")
        if chain != self._trust.network:
            raise UntrustedNode(f"The node is on network {chain!r}, not on {self._trust.network!r} (BITCOIN_NETWORK).")
        self._trusted = True


def _look(txid: str, entry: Any, answer: Any) -> Look:
    for one in (entry, answer):
        if isinstance(one, RpcError) and one.code != NOT_FOUND:
            raise one
    transaction = None if isinstance(answer, RpcError) else records.wallet_transaction(answer)
    if transaction is not None and transaction.txid != txid:
        raise BadAnswer("The node answered about another transaction.")
    return Look(transaction, in_mempool=not isinstance(entry, RpcError))
