"""Wallets themselves: making, loading, addresses, labels, balances."""

from typing import Any

from sandbox.errors import WALLET, RpcError
from sandbox.keys import LOOKAHEAD, TYPES
from sandbox.rpc.arguments import flag, integer, number, text
from sandbox.rpc.registry import Call, method
from sandbox.values import coin
from sandbox.wallet import facts
from sandbox.wallet.entries import last_processed
from sandbox.wallet.spend import coins
from sandbox.wallet.wallet import Wallet

Json = dict[str, Any]
MISSING = (
    "Wallet file verification failed. Failed to load database path '<datadir>/regtest/wallets/{}'. Path does not exist."
)
EXISTS = "Wallet file verification failed. Failed to create database path '<datadir>/regtest/wallets/{}'. Database already exists."


@method(
    "createwallet",
    text("wallet_name", required=True),
    flag("disable_private_keys", default=False),
    flag("blank", default=False),
    text("passphrase", ""),
    flag("avoid_reuse", default=False),
    flag("descriptors", default=True),
    flag("load_on_startup"),
    flag("external_signer", default=False),
)
def createwallet(call: Call, name: str, no_keys: bool, _blank: bool, *rest: Any) -> Json:
    """Make a new wallet and load it."""
    if name in call.node.known_wallets():
        raise RpcError(WALLET, EXISTS.format(name))
    call.node.create_wallet(name, autoload=bool(rest[3]), private_keys=not no_keys)
    return {"name": name}


@method("loadwallet", text("filename", required=True), flag("load_on_startup"))
def loadwallet(call: Call, filename: str, autoload: bool | None) -> Json:
    """Load a wallet and let it look at the blocks it missed."""
    if filename in call.node.wallets:
        raise RpcError(-35, f'Wallet "{filename}" is already loaded.')
    if filename not in call.node.known_wallets():
        raise RpcError(-18, MISSING.format(filename))
    wallet = call.node.load_wallet(filename)
    _remember(wallet, autoload)
    return {"name": filename}


@method("unloadwallet", text("wallet_name"), flag("load_on_startup"))
def unloadwallet(call: Call, name: str | None, autoload: bool | None) -> Json:
    """Put a wallet away."""
    wallet = call.wallet if name is None else call.node.wallets.get(name)
    if wallet is None:
        raise RpcError(-18, "Requested wallet does not exist or is not loaded")
    _remember(wallet, autoload)
    call.node.unload_wallet(wallet.name)
    return {}


def _remember(wallet: Wallet, autoload: bool | None) -> None:
    if autoload is not None:
        wallet.data["autoload"] = autoload
        wallet.save()


@method("listwallets")
def listwallets(call: Call) -> list[str]:
    """Names of the loaded wallets."""
    return list(call.node.wallets)


@method("listwalletdir")
def listwalletdir(call: Call) -> Json:
    """Names of all wallets."""
    return {"wallets": [{"name": name} for name in call.node.known_wallets()]}


@method("getwalletinfo")
def getwalletinfo(call: Call) -> Json:
    """Give the wallet as a whole."""
    wallet = call.wallet
    trusted, pending, immature = balances(wallet)
    return {
        "walletname": wallet.name,
        "walletversion": 169900,
        "format": "sqlite",
        "balance": coin(trusted),
        "unconfirmed_balance": coin(pending),
        "immature_balance": coin(immature),
        "txcount": len(wallet.txs),
        "keypoolsize": LOOKAHEAD * len(TYPES),
        "keypoolsize_hd_internal": LOOKAHEAD * len(TYPES),
        "paytxfee": coin(wallet.tx_fee_rate),
        "private_keys_enabled": wallet.can_sign,
        "avoid_reuse": False,
        "scanning": False,
        "descriptors": True,
        "external_signer": False,
        "blank": False,
        "birthtime": wallet.data["created"],
        "lastprocessedblock": last_processed(wallet),
    }


def balances(wallet: Wallet) -> tuple[int, int, int]:
    """Satoshi: trusted, pending from others, and immature."""
    trusted = pending = immature = 0
    for wtx in wallet.txs.values():
        value = sum(wtx.tx.outputs[index].value for index in facts.unspent_outputs(wallet, wtx))
        if not value:
            continue
        if facts.is_immature(wallet, wtx):
            immature += value
        elif facts.is_trusted(wallet, wtx):
            trusted += value
        else:
            pending += value
    return trusted, pending, immature


@method("getbalances")
def getbalances(call: Call) -> Json:
    """All balances."""
    trusted, pending, immature = balances(call.wallet)
    mine = {"trusted": coin(trusted), "untrusted_pending": coin(pending), "immature": coin(immature)}
    return {"mine": mine, "lastprocessedblock": last_processed(call.wallet)}


@method("getbalance", text("dummy"), number("minconf", 0), flag("include_watchonly"), flag("avoid_reuse"))
def getbalance(call: Call, dummy: str | None, minconf: Any, *_rest: Any) -> str:
    """Give the balance that can be spent."""
    if dummy not in {None, "*"}:
        raise RpcError(-32, 'dummy first argument must be excluded or set to "*".')
    least = integer(minconf)
    if not least:
        return coin(balances(call.wallet)[0])
    return coin(sum(one.value for one in coins(call.wallet, least_depth=least)))
