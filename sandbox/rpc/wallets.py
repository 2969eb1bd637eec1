"""Wallets themselves: making, loading, addresses, labels, balances."""

from typing import Any

from sandbox.address import AddressError, address_of, script_for
from sandbox.errors import ADDRESS_OR_KEY, LABEL, PARAMETER, WALLET, RpcError
from sandbox.keys import LOOKAHEAD, TYPES, script_of
from sandbox.rpc.arguments import anything, flag, integer, listing, number, script_of_address, text
from sandbox.rpc.control import script_facts
from sandbox.rpc.registry import Call, method
from sandbox.tx import Outpoint
from sandbox.values import coin, satoshi_of
from sandbox.wallet import facts
from sandbox.wallet.entries import last_processed
from sandbox.wallet.spend import OwnCoin, coins
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


@method("getnewaddress", text("label", ""), text("address_type", "bech32"))
def getnewaddress(call: Call, label: str, address_type: str) -> str:
    """Give a fresh address."""
    if label == "*":
        raise RpcError(LABEL, "Invalid label name")
    return call.wallet.new_address(_known_type(address_type), label)


@method("getrawchangeaddress", text("address_type", "bech32"))
def getrawchangeaddress(call: Call, address_type: str) -> str:
    """Give a fresh address for change."""
    return call.wallet.new_change(_known_type(address_type))


def _known_type(name: str) -> str:
    if name not in TYPES:
        raise RpcError(ADDRESS_OR_KEY, f"Unknown address type '{name}'")
    return name


@method("getaddressinfo", text("address", required=True))
def getaddressinfo(call: Call, address: str) -> Json:
    """Give what the wallet knows about an address."""
    wallet = call.wallet
    try:
        script = script_for(address)
    except AddressError as error:
        raise RpcError(ADDRESS_OR_KEY, str(error)) from error
    shown = address_of(script) or address
    ref = wallet.key_of(script)
    entry = wallet.labels.get(shown)
    info: Json = {
        "address": shown,
        "scriptPubKey": script.hex(),
        "ismine": ref is not None,
        "solvable": ref is not None,
    }
    if ref is not None:
        info["desc"] = wallet.keys.descriptor(ref)
        info["parent_desc"] = wallet.keys.account_descriptor(ref.kind, internal=ref.internal)
    info |= {"iswatchonly": False, **script_facts(script)}
    if ref is not None:
        key = wallet.keys.public_key(ref)
        info |= _key_json(ref.kind, key)
    info["ischange"] = facts.is_change(wallet, script)
    if ref is not None:
        info |= {
            "timestamp": wallet.data["created"],
            "hdkeypath": ref.path,
            "hdseedid": "00" * 20,
            "hdmasterfingerprint": wallet.keys.fingerprint,
        }
    return {**info, "labels": [entry["label"]] if entry else []}


def _key_json(kind: str, key: bytes) -> Json:
    """Describe the key behind an address, as `getaddressinfo` does."""
    if kind == "bech32m":
        return {}
    if kind == "legacy":
        return {"pubkey": key.hex(), "iscompressed": True}
    if kind == "bech32":
        return {"pubkey": key.hex()}
    inner = script_of("bech32", key)
    embedded = {**script_facts(inner), "pubkey": key.hex(), "address": address_of(inner), "scriptPubKey": inner.hex()}
    return {"script": "witness_v0_keyhash", "hex": inner.hex(), "pubkey": key.hex(), "embedded": embedded}


@method("setlabel", text("address", required=True), text("label", required=True))
def setlabel(call: Call, address: str, label: str) -> None:
    """Give an address a label."""
    script = script_of_address(address, "Invalid Bitcoin address")
    if label == "*":
        raise RpcError(LABEL, "Invalid label name")
    purpose = "receive" if call.wallet.key_of(script) else "send"
    call.wallet.set_label(address_of(script) or address, label, purpose)


@method("getaddressesbylabel", text("label", required=True))
def getaddressesbylabel(call: Call, label: str) -> Json:
    """Give the addresses that carry a label."""
    labels = call.wallet.labels.items()
    found = {address: {"purpose": entry["purpose"]} for address, entry in labels if entry["label"] == label}
    if not found:
        raise RpcError(LABEL, f"No addresses with label {label}")
    return found


@method("listlabels", text("purpose"))
def listlabels(call: Call, purpose: str | None) -> list[str]:
    """All labels."""
    entries = call.wallet.labels.values()
    return sorted({entry["label"] for entry in entries if purpose in {None, entry["purpose"]}})


@method(
    "listunspent",
    number("minconf", 1),
    number("maxconf", 9999999),
    listing("addresses"),
    flag("include_unsafe", default=True),
    anything("query_options"),
)
def listunspent(
    call: Call, minconf: Any, maxconf: Any, addresses: list[str] | None, unsafe: bool, query: Any
) -> list[Json]:
    """Give outputs the wallet could spend."""
    wallet = call.wallet
    scripts = {script_of_address(address) for address in addresses or ()}
    least = satoshi_of((query or {}).get("minimumAmount", 0))
    return [
        _unspent_json(wallet, one)
        for one in coins(wallet, unsafe=unsafe, least_depth=integer(minconf))
        if one.depth <= integer(maxconf) and (not scripts or one.script in scripts) and one.value >= least
    ]


def _unspent_json(wallet: Wallet, one: OwnCoin) -> Json:
    info: Json = {"txid": one.outpoint[0], "vout": one.outpoint[1], "address": address_of(one.script)}
    label = wallet.label_of(one.script)
    if label is not None:
        info["label"] = label
    ref = wallet.key_of(one.script)
    if ref is not None and ref.kind == "p2sh-segwit":
        info["redeemScript"] = script_of("bech32", wallet.keys.public_key(ref)).hex()
    info |= {"scriptPubKey": one.script.hex(), "amount": coin(one.value), "confirmations": one.depth}
    if not one.depth:
        pool = wallet.mempool
        family = pool.ancestors(pool.entries[one.outpoint[0]].tx) | {one.outpoint[0]}
        fees, size = pool.total(family)
        info |= {"ancestorcount": len(family), "ancestorsize": size, "ancestorfees": fees}
    info |= {"spendable": wallet.can_sign, "solvable": True}
    if ref is not None:
        info |= {"desc": wallet.keys.descriptor(ref), "parent_descs": [wallet.keys.parent_descriptor(ref)]}
    return {**info, "safe": one.safe}


@method("lockunspent", flag("unlock"), listing("transactions"), flag("persistent", default=False))
def lockunspent(call: Call, unlock: bool, transactions: list[Json] | None, _persistent: bool) -> bool:
    """Keep outputs from being chosen, or free them again."""
    wallet = call.wallet
    if transactions is None:
        if unlock:
            wallet.locked.clear()
        return True
    wanted = [(str(one["txid"]), integer(one["vout"])) for one in transactions]
    for outpoint in wanted:
        _check_lock(wallet, outpoint, unlock=unlock)
    if unlock:
        wallet.locked.difference_update(wanted)
    else:
        wallet.locked.update(wanted)
    return True


def _check_lock(wallet: Wallet, outpoint: Outpoint, *, unlock: bool) -> None:
    wtx = wallet.txs.get(outpoint[0])
    if wtx is None:
        raise RpcError(PARAMETER, "Invalid parameter, unknown transaction")
    if outpoint[1] >= len(wtx.tx.outputs):
        raise RpcError(PARAMETER, "Invalid parameter, vout index out of bounds")
    if facts.is_spent(wallet, outpoint):
        raise RpcError(PARAMETER, "Invalid parameter, expected unspent output")
    if unlock != (outpoint in wallet.locked):
        state = "locked" if unlock else "unlocked"
        raise RpcError(
            PARAMETER,
            f"Invalid parameter, expected {state} output" if unlock else "Invalid parameter, output already locked",
        )


@method("listlockunspent")
def listlockunspent(call: Call) -> list[Json]:
    """Give outputs kept from being chosen."""
    return [{"txid": txid, "vout": vout} for txid, vout in sorted(call.wallet.locked)]
