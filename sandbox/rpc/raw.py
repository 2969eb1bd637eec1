"""Raw transactions and PSBTs, step by step: build, fund, sign, finish."""

from dataclasses import replace
from typing import Any

from sandbox.errors import DESERIALIZATION, PARAMETER, RpcError
from sandbox.psbt import Psbt, PsbtError
from sandbox.rpc.arguments import (
    anything,
    flag,
    hash_of,
    integer,
    listing,
    number,
    options,
    outputs_of,
    script_of_address,
    text,
    tx_of,
)
from sandbox.rpc.payments import FEE_OPTIONS, as_wallet_error, need_keys, rate_from
from sandbox.rpc.registry import Call, method
from sandbox.tx import Outpoint, Tx, TxIn, TxOut
from sandbox.values import coin, satoshi_of
from sandbox.verify import Spent
from sandbox.wallet.spend import FINAL, REPLACEABLE, Made, Plan, make, sign_with, use_change
from sandbox.wallet.wallet import Wallet

Json = dict[str, Any]
FUNDING = (
    "add_inputs",
    "changeAddress",
    "change_address",
    "changePosition",
    "change_position",
    "change_type",
    "lockUnspents",
    "lock_unspents",
    "subtractFeeFromOutputs",
    "subtract_fee_from_outputs",
    "include_unsafe",
    "includeWatching",
    "include_watching",
    "replaceable",
    *FEE_OPTIONS,
)
UNSIGNABLE = "Unable to sign input, invalid stack size (possibly missing key)"


def outputs_from(value: Any) -> list[TxOut]:
    """Read an outputs argument: addresses with amounts, or `data` in hex."""
    found = []
    for key, amount in outputs_of(value):
        if key == "data":
            data = bytes.fromhex(amount)
            found.append(TxOut(0, b"\x6a" + bytes([len(data)]) + data))
        else:
            found.append(TxOut(satoshi_of(amount), script_of_address(key)))
    return found


def inputs_from(value: Any, *, replaceable: bool, locktime: int) -> list[TxIn]:
    """Read an inputs argument."""
    default = REPLACEABLE if replaceable else FINAL if locktime else 0xFFFFFFFF
    found = []
    for one in value or ():
        if "vout" not in one:
            raise RpcError(PARAMETER, "Invalid parameter, missing vout key")
        vout = integer(one["vout"])
        if vout < 0:
            raise RpcError(PARAMETER, "Invalid parameter, vout cannot be negative")
        found.append(TxIn(hash_of(str(one.get("txid", "")), "txid"), vout, b"", one.get("sequence", default)))
    return found


@method(
    "createrawtransaction",
    listing("inputs", required=True),
    anything("outputs", required=True),
    number("locktime", 0),
    flag("replaceable", default=True),
)
def createrawtransaction(_call: Call, inputs: Any, outputs: Any, locktime: Any, replaceable: bool) -> str:
    """Give an unsigned transaction."""
    when = integer(locktime)
    txins = inputs_from(inputs, replaceable=replaceable, locktime=when)
    return Tx(2, tuple(txins), tuple(outputs_from(outputs)), when).raw.hex()


def option(chosen: Json, *names: str) -> Any:
    """Give the first of several spellings of an option that was given."""
    return next((chosen[name] for name in names if name in chosen), None)


def funding_plan(wallet: Wallet, tx: Tx, chosen: Json, *, add_inputs: bool) -> Plan:
    """Give the plan for funding a transaction with the options of the funding calls."""
    position = option(chosen, "changePosition", "change_position")
    if position is not None and not 0 <= position <= len(tx.outputs):
        raise RpcError(PARAMETER, "changePosition out of bounds")
    change = option(chosen, "changeAddress", "change_address")
    wanted = option(chosen, "add_inputs")
    return Plan(
        outputs=list(tx.outputs),
        rate=rate_from(wallet, chosen),
        subtract_from=list(option(chosen, "subtractFeeFromOutputs", "subtract_fee_from_outputs") or ()),
        replaceable=bool(chosen.get("replaceable", True)),
        preset=list(tx.inputs),
        add_inputs=add_inputs if wanted is None else bool(wanted),
        change_script=script_of_address(change, "Change address must be a valid bitcoin address") if change else None,
        change_position=position,
        locktime=tx.locktime,
        version=tx.version,
        unsafe=bool(chosen.get("include_unsafe")),
    )


def fund(wallet: Wallet, tx: Tx, chosen: Json, *, add_inputs: bool) -> Made:
    """Fund a transaction, locking its inputs if asked."""
    with as_wallet_error():
        made = make(wallet, funding_plan(wallet, tx, chosen, add_inputs=add_inputs))
    use_change(wallet, made)
    if option(chosen, "lockUnspents", "lock_unspents"):
        wallet.locked.update(txin.outpoint for txin in made.tx.inputs)
    return made


@method("fundrawtransaction", text("hexstring", required=True), options("options", *FUNDING), flag("iswitness"))
def fundrawtransaction(call: Call, hexstring: str, chosen: Json | None, _iswitness: Any) -> Json:
    """Add inputs and change until the outputs are paid for."""
    tx = _unsigned(hexstring)
    made = fund(call.wallet, tx, chosen or {}, add_inputs=True)
    return {"hex": made.tx.raw.hex(), "fee": coin(made.fee), "changepos": made.change}


def _unsigned(hexstring: str) -> Tx:
    """Read a transaction that may have no inputs, which looks like a witness marker (Core's DecodeHexTx)."""
    try:
        raw = bytes.fromhex(hexstring)
    except ValueError as error:
        raise RpcError(DESERIALIZATION, "TX decode failed") from error
    if raw[4:6] == b"\x00\x01" and len(raw) > 10:
        padded = raw[:4] + b"\x01" + bytes(41) + raw[5:]
        try:
            return replace(Tx.parse(padded), inputs=())
        except ValueError:
            return tx_of(hexstring, "TX decode failed")
    if raw[4:5] == b"\x00":
        return replace(tx_of((raw[:4] + b"\x01" + bytes(41) + raw[5:]).hex(), "TX decode failed"), inputs=())
    return tx_of(hexstring, "TX decode failed")


@method(
    "signrawtransactionwithwallet",
    text("hexstring", required=True),
    listing("prevtxs"),
    text("sighashtype", "ALL"),
)
def signrawtransactionwithwallet(call: Call, hexstring: str, prevtxs: Any, _sighashtype: str) -> Json:
    """Sign every input the wallet has a key for."""
    wallet = call.wallet
    need_keys(wallet)
    others = {
        (str(one["txid"]), integer(one["vout"])): (satoshi_of(one.get("amount", 0)), bytes.fromhex(one["scriptPubKey"]))
        for one in prevtxs or ()
    }
    draft = tx_of(hexstring)
    coins = [others.get(txin.outpoint) or _unspent(call, txin.outpoint) for txin in draft.inputs]
    tx = sign_with(wallet, draft, coins)
    errors = _signing_errors(tx, coins)
    answer: Json = {"hex": tx.raw.hex(), "complete": not errors}
    return {**answer, "errors": errors} if errors else answer


def _unspent(call: Call, outpoint: Outpoint) -> Spent | None:
    found = call.node.mempool.coin(outpoint)
    return (found.value, found.script) if found else None


def _signing_errors(tx: Tx, coins: list[Spent | None]) -> list[Json]:
    errors = []
    for index, txin in enumerate(tx.inputs):
        signed = txin.script_sig or (tx.witness and tx.witness[index])
        if coins[index] is not None and signed:
            continue
        witness = [item.hex() for item in tx.witness[index]] if tx.witness else []
        errors.append(
            {
                "txid": txin.txid,
                "vout": txin.vout,
                "witness": witness,
                "scriptSig": txin.script_sig.hex(),
                "sequence": txin.sequence,
                "error": "Input not found or already spent" if coins[index] is None else UNSIGNABLE,
            }
        )
    return errors


@method(
    "walletcreatefundedpsbt",
    listing("inputs", []),
    anything("outputs", required=True),
    number("locktime", 0),
    options("options", *FUNDING),
    flag("bip32derivs", default=True),
)
def walletcreatefundedpsbt(
    call: Call, inputs: Any, outputs: Any, locktime: Any, chosen: Json | None, _derivs: bool
) -> Json:
    """Give a funded, unsigned PSBT."""
    wallet = call.wallet
    settings = chosen or {}
    when = integer(locktime)
    replaceable = bool(settings.get("replaceable", True))
    txins = inputs_from(inputs, replaceable=replaceable, locktime=when)
    tx = Tx(2, tuple(txins), tuple(outputs_from(outputs)), when)
    made = fund(wallet, tx, settings, add_inputs=not txins)
    psbt = Psbt.of(wallet, made.tx)
    return {"psbt": psbt.text, "fee": coin(made.fee), "changepos": made.change}


@method(
    "walletprocesspsbt",
    text("psbt", required=True),
    flag("sign", default=True),
    text("sighashtype", "DEFAULT"),
    flag("bip32derivs", default=True),
    flag("finalize", default=True),
)
def walletprocesspsbt(call: Call, psbt: str, sign: bool, _sighash: str, _derivs: bool, finalize: bool) -> Json:
    """Fill in what the wallet knows of a PSBT, and sign it."""
    wallet = call.wallet
    if sign:
        need_keys(wallet)
    work = read_psbt(psbt)
    work.update(wallet)
    if sign:
        work.sign(wallet, finalize=finalize)
    answer: Json = {"psbt": work.text, "complete": work.complete}
    return {**answer, "hex": work.extract().raw.hex()} if work.complete else answer


@method("finalizepsbt", text("psbt", required=True), flag("extract", default=True))
def finalizepsbt(_call: Call, psbt: str, extract: bool) -> Json:
    """Finish a signed PSBT; with `extract` as a transaction ready to send."""
    work = read_psbt(psbt)
    work.finalize()
    if work.complete and extract:
        return {"hex": work.extract().raw.hex(), "complete": True}
    return {"psbt": work.text, "complete": work.complete}


def read_psbt(value: str) -> Psbt:
    """Read a PSBT in base64; raises -22."""
    try:
        return Psbt.read(value)
    except PsbtError as error:
        raise RpcError(DESERIALIZATION, f"TX decode failed {error}") from error
