#!/usr/bin/env python3
"""Tell a store that a payment moved, so that it looks at its node now: for bitcoind's walletnotify, or by hand.

    scripts/notify.py --store https://shop.example --secret-file /etc/cryptons/webhook-secret --order 7QK2-M9TD-4HXA
    walletnotify=/usr/local/bin/notify.py --store … --secret-file … --rpc-cookie /home/bitcoin/.bitcoin/.cookie --wallet %w --transaction %s

With --order the message is about that order. Without it the node is asked which payments the transaction pays: the label of an address
in the store's wallet is the id of its payment. Needs nothing but Python. Secrets come from files, since a command line can be read by
everybody on the machine. Exit code 0: all was told, or the transaction pays no order; 1: it was not.
"""

import argparse
import base64
import hashlib
import hmac
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

_SECONDS = 10
_TRIES = 3


class NotifyError(Exception):
    """Something a person can put right; the message says what."""


class News(NamedTuple):
    """What is said of one payment."""

    order: str
    amount: Decimal | None
    confirmations: int | None


def news_of(transaction: str, options: argparse.Namespace) -> Iterator[News]:
    """Yield what the node says of the payments that `transaction` pays. Raises NotifyError."""
    answer = ask_node("gettransaction", [transaction], options)
    for entry in answer["details"]:
        if entry["category"] == "receive" and entry.get("label"):
            yield News(entry["label"], entry["amount"], answer["confirmations"])


def ask_node(method: str, params: list[Any], options: argparse.Namespace) -> Any:
    """Call a method of the node's wallet. Raises NotifyError."""
    login = base64.b64encode(read(options.rpc_cookie).encode()).decode()
    url = f"{options.rpc}/wallet/{urllib.parse.quote(options.wallet, safe='')}"
    body = json.dumps({"jsonrpc": "1.0", "id": "notify", "method": method, "params": params}).encode()
    try:
        answer = json.loads(send(url, body, {"Authorization": f"Basic {login}"}), parse_float=Decimal)
    except urllib.error.HTTPError as error:
        raise NotifyError(f"The node answered {error.code}: {error.read(300).decode('utf-8', 'replace')}") from error
    except (OSError, ValueError) as error:
        raise NotifyError(f"No node answers at {options.rpc}: {error}") from error
    return answer["result"]


def tell(news: News, options: argparse.Namespace, secret: str) -> None:
    """Send the store one signed message, three times if need be. Raises NotifyError."""
    data: dict[str, Any] = {"orderId": news.order}
    if options.transaction:
        data["transactionHash"] = options.transaction
    if news.confirmations is not None:
        data["confirmations"] = news.confirmations
    event = "payment.confirmed" if news.confirmations else "payment.seen"
    text = json.dumps({"event": event, "data": data})
    if news.amount is not None:
        # The amount goes in digit by digit; a float would not.
        text = text[:-2] + f', "amount": {news.amount:f}' + "}}"
    body = text.encode()
    for left in reversed(range(_TRIES)):
        trouble = _told(f"{options.store.rstrip('/')}/api/webhooks/payment", body, secret)
        if not trouble:
            return
        if not left or not trouble.startswith("5"):
            raise NotifyError(f"The store did not take it: {trouble}")
        time.sleep(1)


def _told(url: str, body: bytes, secret: str) -> str:
    """Send once; return "" where it was taken, else what was wrong: beginning with a 5 where trying again may help."""
    moment = str(int(time.time()))
    signature = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    try:
        send(url, body, {"X-Webhook-Signature": f"t={moment},v1={signature}"})
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return ""  # money of ours that pays no order
        return f"{error.code} {error.read(300).decode('utf-8', 'replace')}"
    except OSError as error:
        return f"503 {error}"
    return ""


def send(url: str, body: bytes, headers: dict[str, str]) -> bytes:
    """POST JSON and return the answer's body."""
    sent = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(url, data=body, headers=sent)  # noqa: S310 (the person names the address)
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 (as above)
        return bytes(answer.read())


def read(path: str) -> str:
    """Return a file's text without the newline at its end. Raises NotifyError."""
    try:
        return Path(path).expanduser().read_text(encoding="utf-8").strip()
    except OSError as error:
        raise NotifyError(f"{path} cannot be read: {error.strerror}") from error


def main() -> int:
    """Tell the store, and return the exit code."""
    parser = argparse.ArgumentParser(description="Tell a store that a payment moved.")
    parser.add_argument("--store", required=True, help="the store's address, such as https://shop.example")
    parser.add_argument("--secret-file", required=True, help="a file with one of the store's WEBHOOK_SECRETS")
    parser.add_argument("--order", help="the order's id or number; without it the node is asked")
    parser.add_argument("--transaction", help="the transaction's id (walletnotify: %%s)")
    parser.add_argument("--rpc", default="http://127.0.0.1:8332", help="the node (default %(default)s)")
    parser.add_argument(
        "--rpc-cookie", default="~/.bitcoin/.cookie", help="a file with user:password (default %(default)s)"
    )
    parser.add_argument("--wallet", default="store", help="the store's wallet (walletnotify: %%w; default %(default)s)")
    options = parser.parse_args()
    if not options.order and not options.transaction:
        parser.error("say which --order or which --transaction")
    try:
        secret = read(options.secret_file)
        told = [News(options.order, None, None)] if options.order else list(news_of(options.transaction, options))
        for news in told:
            tell(news, options, secret)
    except NotifyError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
