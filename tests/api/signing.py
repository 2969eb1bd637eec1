"""What a watcher outside sends."""

import hashlib
import hmac
import json
import time

SECRET = "a-secret-that-both-sides-know"
PATH = "/webhooks/payment"


def message(order_id, **data):
    """Return the body of a message about an order, not yet signed."""
    said = {"orderId": str(order_id), "transactionHash": "ab" * 32, "amount": 0.001, "confirmations": 6, **data}
    return {"event": "payment.confirmed", "data": said}


def digest(content, secret=SECRET):
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


def header(raw, *secrets, at=None):
    """Return the header of a sender who knows `secrets`."""
    moment = int(time.time()) if at is None else at
    signatures = [digest(f"{moment}.".encode() + raw, secret) for secret in secrets or (SECRET,)]
    return ",".join([f"t={moment}", *(f"v1={one}" for one in signatures)])


def signed_body(body, secret=SECRET):
    """Return the message with its own signature, as a sender without headers makes it."""
    signed = json.dumps({"data": body["data"], "event": body["event"]}, sort_keys=True, separators=(",", ":"))
    return {**body, "signature": digest(signed.encode(), secret)}


def post(api, raw, *secrets, at=None, signature=None):
    """Send a body, bytes or what is to be JSON, with the header's signature."""
    sent = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    return api.post(PATH, sent, x_webhook_signature=signature or header(sent, *secrets, at=at))
