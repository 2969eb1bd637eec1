"""The node itself: network, uptime, fees, help, stop."""

from typing import Any

from sandbox.address import AddressError, address_of, kind_of, script_for
from sandbox.errors import PARAMETER, RpcError
from sandbox.policy import RELAY_FEE
from sandbox.rpc.arguments import flag, integer, number, text
from sandbox.rpc.registry import METHODS, Call, method
from sandbox.values import coin

VERSION = 280000
SUBVERSION = "/Satoshi:28.0.0(cryptons-sandbox)/"
ESTIMATE_MODES = {"unset", "economical", "conservative"}
Json = dict[str, Any]


@method("getnetworkinfo")
def getnetworkinfo(_call: Call) -> Json:
    """Give the node's version and its (absent) network."""
    names = ("ipv4", "ipv6", "onion", "i2p", "cjdns")
    networks = [
        {"name": name, "limited": True, "reachable": False, "proxy": "", "proxy_randomize_credentials": False}
        for name in names
    ]
    return {
        "version": VERSION,
        "subversion": SUBVERSION,
        "protocolversion": 70016,
        "localservices": "0000000000000c09",
        "localservicesnames": ["NETWORK", "WITNESS", "NETWORK_LIMITED", "P2P_V2"],
        "localrelay": True,
        "timeoffset": 0,
        "networkactive": True,
        "connections": 0,
        "connections_in": 0,
        "connections_out": 0,
        "networks": networks,
        "relayfee": coin(RELAY_FEE),
        "incrementalfee": coin(RELAY_FEE),
        "localaddresses": [],
        "warnings": [],
    }


@method("uptime")
def uptime(call: Call) -> int:
    """Seconds since the start."""
    return call.node.uptime()


@method("stop", number("wait"))
def stop(call: Call, _wait: Any) -> str:
    """Stop the sandbox."""
    call.stop()
    return "Bitcoin Core stopping"


@method("help", text("command"))
def help_(_call: Call, command: str | None) -> str:
    """Give this list, or the usage of one command."""
    if command is None:
        return "\n".join(METHODS[name].usage for name in sorted(METHODS))
    known = METHODS.get(command)
    return f"{known.usage}\n\n{known.about}\n" if known else f"help: unknown command: {command}\n"


@method("estimatesmartfee", number("conf_target", required=True), text("estimate_mode", "economical"))
def estimatesmartfee(_call: Call, conf_target: Any, estimate_mode: str) -> Json:
    """Give a network nobody else uses has no fees to learn from, as on a real regtest node."""
    if not 1 <= integer(conf_target) <= 1008:
        raise RpcError(PARAMETER, "Invalid conf_target, must be between 1 and 1008")
    check_estimate_mode(estimate_mode)
    return {"errors": ["Insufficient data or no feerate found"], "blocks": 0}


def check_estimate_mode(value: str) -> None:
    """Raise -8 for a mode the node does not know."""
    if value.lower() not in ESTIMATE_MODES:
        text_ = 'Invalid estimate_mode parameter, must be one of: "unset", "economical", "conservative"'
        raise RpcError(PARAMETER, text_)


@method("validateaddress", text("address", required=True))
def validateaddress(_call: Call, address: str) -> Json:
    """Tell whether this is an address of the regression test network."""
    try:
        script = script_for(address)
    except AddressError as error:
        return {"isvalid": False, "error_locations": error.places, "error": str(error)}
    return {
        "isvalid": True,
        "address": address_of(script),
        "scriptPubKey": script.hex(),
        **script_facts(script),
    }


def script_facts(script: bytes) -> Json:
    """Whether a script is a script hash or a witness program, as address calls describe it."""
    kind = kind_of(script)
    witness = kind.version is not None
    fields: Json = {"isscript": kind.name in {"scripthash", "witness_v0_scripthash", "witness_v1_taproot"}}
    fields["iswitness"] = witness
    if witness:
        fields |= {"witness_version": kind.version, "witness_program": kind.program.hex()}
    return fields


@method("setnetworkactive", flag("state"))
def setnetworkactive(_call: Call, state: bool) -> bool:
    """There is no network to switch; answers as the node does."""
    return state
