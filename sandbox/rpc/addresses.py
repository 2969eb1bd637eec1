"""Addresses of a wallet and their labels."""

from typing import Any

from sandbox.address import AddressError, address_of, script_for
from sandbox.errors import ADDRESS_OR_KEY, LABEL, RpcError
from sandbox.keys import TYPES, script_of
from sandbox.rpc.arguments import script_of_address, text
from sandbox.rpc.control import script_facts
from sandbox.rpc.registry import Call, method
from sandbox.wallet import facts

Json = dict[str, Any]


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
