"""Sending money from a wallet."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sandbox.errors import FUNDS, PARAMETER, WALLET, RpcError
from sandbox.policy import MempoolError
from sandbox.rpc.arguments import (
    anything,
    flag,
    integer,
    listing,
    number,
    options,
    outputs_of,
    rate_of,
    script_of_address,
    text,
)
from sandbox.rpc.control import check_estimate_mode
from sandbox.rpc.registry import Call, Param, method
from sandbox.tx import Tx, TxOut
from sandbox.values import satoshi_of
from sandbox.wallet.spend import FALLBACK_RATE, Made, Plan, make, sign_own, use_change
from sandbox.wallet.wallet import Wallet

Json = dict[str, Any]
BOTH_FEES = (
    "Cannot specify both conf_target and fee_rate. Please provide either a confirmation target in blocks "
    "for automatic fee estimation, or an explicit fee rate."
)
FEE_PARAMS = (number("conf_target"), text("estimate_mode", "unset"))
FEE_OPTIONS = ("conf_target", "estimate_mode", "fee_rate", "feeRate")


def need_keys(wallet: Wallet) -> None:
    """Raise -4 for a wallet that cannot sign."""
    if not wallet.can_sign:
        raise RpcError(WALLET, "Error: Private keys are disabled for this wallet")


def choose_rate(wallet: Wallet, conf_target: Any, estimate_mode: str, fee_rate: Any) -> int:
    """Satoshi per 1000 virtual bytes from the fee arguments; raises -8 or -6."""
    check_estimate_mode(estimate_mode)
    if fee_rate is not None:
        if conf_target is not None:
            raise RpcError(PARAMETER, BOTH_FEES)
        return rate_of(fee_rate)
    if conf_target is not None and not 1 <= integer(conf_target) <= 1008:
        raise RpcError(PARAMETER, "Invalid conf_target, must be between 1 and 1008")
    return wallet.tx_fee_rate or FALLBACK_RATE


def rate_from(wallet: Wallet, chosen: Json) -> int:
    """Satoshi per 1000 virtual bytes from the options of the raw and PSBT calls; `feeRate` is in coins."""
    if "feeRate" in chosen:
        return satoshi_of(chosen["feeRate"])
    mode = chosen.get("estimate_mode", "unset")
    return choose_rate(wallet, chosen.get("conf_target"), mode, chosen.get("fee_rate"))


@contextmanager
def as_wallet_error() -> Iterator[None]:
    """Raise -4 where the plain sending calls raise -6, as the funding calls do."""
    try:
        yield
    except RpcError as error:
        raise RpcError(WALLET if error.code == FUNDS else error.code, error.message) from error


def send(call: Call, plan: Plan, notes: dict[str, str]) -> Tx:
    """Make, sign, keep and broadcast a payment; raises -6 or -4."""
    wallet = call.wallet
    need_keys(wallet)
    made = make(wallet, plan)
    return commit(call, wallet, made, notes)


def commit(call: Call, wallet: Wallet, made: Made, notes: dict[str, str]) -> Tx:
    """Sign and broadcast what was made."""
    tx = sign_own(wallet, made.tx)
    use_change(wallet, made)
    try:
        call.node.mempool.check(tx)
    except MempoolError as error:
        raise RpcError(WALLET, str(error)) from error
    wallet.keep_own(tx, now=call.node.now(), notes=notes)
    call.node.submit(tx)
    return tx


@method(
    "sendtoaddress",
    text("address", required=True),
    anything("amount", required=True),
    text("comment", ""),
    text("comment_to", ""),
    flag("subtractfeefromamount", default=False),
    flag("replaceable", default=True),
    number("conf_target"),
    text("estimate_mode", "unset"),
    flag("avoid_reuse"),
    anything("fee_rate"),
    flag("verbose", default=False),
)
def sendtoaddress(
    call: Call,
    address: str,
    amount: Any,
    comment: str,
    comment_to: str,
    subtract: bool,
    replaceable: bool,
    *rest: Any,
) -> Any:
    """Pay an address."""
    conf_target, estimate_mode, _, fee_rate, verbose = rest
    wallet = call.wallet
    rate = choose_rate(wallet, conf_target, estimate_mode, fee_rate)
    script = script_of_address(address)
    plan = Plan(
        outputs=[TxOut(satoshi_of(amount), script)],
        rate=rate,
        subtract_from=[0] if subtract else [],
        replaceable=replaceable,
    )
    tx = send(call, plan, {"comment": comment, "to": comment_to})
    return {"txid": tx.txid, "fee_reason": "Fallback fee"} if verbose else tx.txid


@method(
    "sendmany",
    text("dummy", ""),
    Param("amounts", "object", required=True),
    number("minconf"),
    text("comment", ""),
    listing("subtractfeefrom"),
    flag("replaceable", default=True),
    *FEE_PARAMS,
    anything("fee_rate"),
    flag("verbose", default=False),
)
def sendmany(call: Call, dummy: str, amounts: Json, _minconf: Any, comment: str, subtract: Any, *rest: Any) -> Any:
    """Pay several addresses at once."""
    replaceable, conf_target, estimate_mode, fee_rate, verbose = rest
    if dummy:
        raise RpcError(PARAMETER, 'Dummy value must be set to ""')
    addresses = list(amounts)
    outputs = [TxOut(satoshi_of(amounts[address]), script_of_address(address)) for address in addresses]
    plan = Plan(
        outputs=outputs,
        rate=choose_rate(call.wallet, conf_target, estimate_mode, fee_rate),
        subtract_from=[addresses.index(address) for address in subtract or ()],
        replaceable=replaceable,
    )
    tx = send(call, plan, {"comment": comment})
    return {"txid": tx.txid, "fee_reason": "Fallback fee"} if verbose else tx.txid


@method(
    "send",
    anything("outputs", required=True),
    *FEE_PARAMS,
    anything("fee_rate"),
    options(
        "options", "add_to_wallet", "change_address", "change_position", "replaceable", "subtract_fee_from_outputs"
    ),
)
def send_(call: Call, outputs: Any, conf_target: Any, estimate_mode: str, fee_rate: Any, chosen: Json | None) -> Json:
    """Pay outputs given as addresses with amounts."""
    settings = chosen or {}
    with as_wallet_error():
        return _send_plan(
            call, _send_settings(call, outputs, (conf_target, estimate_mode, fee_rate), settings), settings
        )


def _send_settings(call: Call, outputs: Any, fees: tuple[Any, str, Any], settings: Json) -> Plan:
    change = settings.get("change_address")
    return Plan(
        outputs=[TxOut(satoshi_of(amount), script_of_address(key)) for key, amount in outputs_of(outputs)],
        rate=choose_rate(call.wallet, *fees),
        subtract_from=list(settings.get("subtract_fee_from_outputs", ())),
        replaceable=bool(settings.get("replaceable", True)),
        change_script=script_of_address(change) if change else None,
        change_position=settings.get("change_position"),
    )


def _send_plan(call: Call, plan: Plan, settings: Json) -> Json:
    if settings.get("add_to_wallet", True):
        return {"txid": send(call, plan, {}).txid, "complete": True}
    need_keys(call.wallet)
    tx = sign_own(call.wallet, make(call.wallet, plan).tx)
    return {"txid": tx.txid, "hex": tx.raw.hex(), "complete": True}


@method("settxfee", anything("amount", required=True))
def settxfee(call: Call, amount: Any) -> bool:
    """Give a fixed fee rate for this wallet, in coins per 1000 virtual bytes; 0 takes it back."""
    call.wallet.tx_fee_rate = satoshi_of(amount)
    return True
