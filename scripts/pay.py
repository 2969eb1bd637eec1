#!/usr/bin/env python3
"""Pay a BIP 21 link over JSON-RPC: the same on the sandbox and on a real regtest node.

    scripts/pay.py "bitcoin:bcrt1q…?amount=0.0015" [--mine 1]

Needs nothing but Python. The node's login goes into --rpc: http://user:password@host:port
"""

import argparse
import base64
import json
import sys
import urllib.error
import urllib.parse
import urllib.request
from decimal import Decimal, InvalidOperation
from typing import Any

DEFAULT_NODE = "http://sandbox:sandbox@127.0.0.1:18443"


class PayError(Exception):
    """Something a person can put right; the message says what."""


def read_link(link: str) -> tuple[str, str]:
    """Give address and amount (in BTC, as text) of a BIP 21 link; raises `PayError`."""
    scheme, _, rest = link.partition(":")
    if scheme.lower() != "bitcoin" or not rest:
        raise PayError("That is not a payment link. It should start with bitcoin:")
    address, _, query = rest.partition("?")
    fields = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
    unknown = [name for name in fields if name.lower().startswith("req-")]
    if unknown:
        raise PayError(f"The link asks for something this script does not know: {unknown[0]}")
    try:
        amount = Decimal(fields["amount"])
    except KeyError as error:
        raise PayError("The link names no amount.") from error
    except InvalidOperation as error:
        raise PayError(f"The link's amount is not a number: {fields['amount']}") from error
    return address, f"{amount:f}"


def call(node: str, path: str, method: str, *params: Any) -> Any:
    """Call one RPC method and give its result; raises `PayError` with the node's words."""
    parts = urllib.parse.urlsplit(node)
    login = f"{urllib.parse.unquote(parts.username or '')}:{urllib.parse.unquote(parts.password or '')}"
    host = parts.hostname or "127.0.0.1"
    url = f"{parts.scheme}://{host}:{parts.port or 18443}{path}"
    body = json.dumps({"jsonrpc": "1.0", "id": "pay", "method": method, "params": params}).encode()
    headers = {"Authorization": "Basic " + base64.b64encode(login.encode()).decode()}
    request = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310 (the person names the node)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 (as above)
            return json.loads(answer.read(), parse_float=Decimal)["result"]
    except urllib.error.HTTPError as error:
        raise PayError(_reason(error)) from error
    except OSError as error:
        raise PayError(f"No node answers at {host}:{parts.port}: {error}") from error


def _reason(error: urllib.error.HTTPError) -> str:
    text = error.read().decode()
    if error.code == 401:
        return "The node refuses the user name or password."
    try:
        return str(json.loads(text)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"The node answered {error.code}: {text or 'nothing'}"


def main() -> int:
    """Pay, print the transaction id, and mine if asked; gives the exit code."""
    parser = argparse.ArgumentParser(description="Pay a BIP 21 link on regtest.")
    parser.add_argument("link", help="bitcoin:address?amount=…")
    parser.add_argument("--rpc", default=DEFAULT_NODE, help="the node (default %(default)s)")
    parser.add_argument("--wallet", default="customer", help="the wallet that pays (default %(default)s)")
    parser.add_argument("--mine", type=int, default=0, metavar="N", help="mine N blocks afterwards")
    options = parser.parse_args()
    wallet = "/wallet/" + urllib.parse.quote(options.wallet, safe="")
    try:
        address, amount = read_link(options.link)
        print(call(options.rpc, wallet, "sendtoaddress", address, amount))
        if options.mine:
            miner = call(options.rpc, wallet, "getnewaddress", "mined")
            call(options.rpc, "/", "generatetoaddress", options.mine, miner)
    except PayError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
