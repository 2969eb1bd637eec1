"""Sending money from a wallet."""

from typing import Any

from sandbox.errors import PARAMETER, WALLET, RpcError
from sandbox.policy import MempoolError
from sandbox.rpc.arguments import anything, flag, integer, listing, number, rate_of, script_of_address, text
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


@method("settxfee", anything("amount", required=True))
def settxfee(call: Call, amount: Any) -> bool:
    """Give a fixed fee rate for this wallet, in coins per 1000 virtual bytes; 0 takes it back."""
    call.wallet.tx_fee_rate = satoshi_of(amount)
    return True
